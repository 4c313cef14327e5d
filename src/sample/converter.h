// The vocabulary of converters: one row each (manual 7.3.1).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sample/argument.h"
#include "sample/context.h"
#include "sample/value.h"

namespace ddbproxy::sample {

/// Reads files and names for the arguments of an expression while a configuration is read; see Expression::parse().
class Library;

struct Converter {
  std::string_view name;
  ArgumentKinds arguments;
  Type in, out;
  /// Turns `value`, which has the type `in` (or any), into another; false: there is none. Texts are made in
  /// context.scratch. Null: Context::convert() does it, or it is not supported yet.
  bool (*convert)(Arguments arguments, Value& value, Context& context) = nullptr;
  /// Judges the arguments once they have been read, and completes them; what is wrong in haproxy's words, else empty.
  std::string (*check)(std::span<Argument> arguments, Library& library) = nullptr;
  bool supported = true;
  std::string_view doc;
};

std::span<const Converter> converters();
/// Null: there is none of this name.
const Converter* find_converter(std::string_view name);

}  // namespace ddbproxy::sample
