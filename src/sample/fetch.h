// The vocabulary of fetches: one row each (manual 7.3). What they answer is told by the rooms that know the facts.
#pragma once

#include <span>
#include <string_view>

#include "sample/argument.h"
#include "sample/places.h"
#include "sample/type.h"

namespace ddbproxy::sample {

struct Fetch {
  std::string_view name;
  ArgumentKinds arguments;
  Type type;
  const Source& source;
  std::string_view doc;  ///< A few words of our own.
};

std::span<const Fetch* const> fetches();
/// Null: there is none of this name.
const Fetch* find_fetch(std::string_view name);
/// Its place in fetches(), for tables of what they answer.
size_t number_of(const Fetch& fetch);

}  // namespace ddbproxy::sample
