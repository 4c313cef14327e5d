// Keys of stick tables: made of samples, read from commands, and shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <ddbproxy/stick_table.h>

#include "sample/scratch.h"
#include "sample/type.h"
#include "sample/value.h"

namespace ddbproxy::sticky {

/// Whether samples of this type can be keys of such a table.
bool can_be_key(sample::Type type, model::StickTable::KeyType key_type);
/// The bytes of the key that a sample is; nothing when this one cannot be one. They live in `scratch`.
std::optional<std::string_view> key_of(sample::Value value, const model::StickTable& table, sample::Scratch& scratch);

/// A key as a person writes it. `error` is haproxy's message when it is none.
struct KeyReading {
  std::string bytes, error;
};
KeyReading read_key(const std::string& text, const model::StickTable& table);
/// As `show table` shows it.
void append_key(std::string& out, std::string_view key, const model::StickTable& table);

}  // namespace ddbproxy::sticky
