// Numbers of fields as arguments write them.
#pragma once

#include <cstdint>
#include <string_view>

namespace ddbproxy::sample {

/// Takes the first number of "48.59.1", and the dot behind it, from the front of `path`.
constexpr bool take_field_number(std::string_view& path, uint32_t& number) {
  number = 0;
  while (!path.empty() && path[0] >= '0' && path[0] <= '9') {
    number = number * 10 + static_cast<uint32_t>(path[0] - '0');
    path.remove_prefix(1);
  }
  if (path.empty()) return true;
  const bool dot = path[0] == '.';
  path.remove_prefix(1);
  return dot && !path.empty();
}

/// Whether `text` is one that haproxy takes as a "Protocol buffers field number".
constexpr bool is_field_number(std::string_view text) {
  if (text.empty() || text[0] < '0' || text[0] > '9') return false;
  uint32_t number = 0;
  while (!text.empty())
    if (!take_field_number(text, number)) return false;
  return true;
}

}  // namespace ddbproxy::sample
