// Integers and digits as samples read them.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace ddbproxy::sample {

/// Reads a sign and digits from the front of `text` and takes them away; what is too large becomes the largest.
/// Nothing there: 0.
constexpr int64_t take_integer(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  constexpr uint64_t most = std::numeric_limits<int64_t>::max();
  uint64_t number = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
    const auto digit = static_cast<uint64_t>(text[0] - '0');
    number = number > (most - digit) / 10 ? most + 1 : number * 10 + digit;
  }
  if (negative) return number > most ? std::numeric_limits<int64_t>::min() : -static_cast<int64_t>(number);
  return number > most ? std::numeric_limits<int64_t>::max() : static_cast<int64_t>(number);
}

constexpr int64_t leading_integer(std::string_view text) { return take_integer(text); }

/// -1: it is none.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace ddbproxy::sample
