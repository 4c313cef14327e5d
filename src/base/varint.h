// Numbers of variable length, as haproxy writes them between peers and to offload agents: four bits of the first byte
// when that is above 239, then seven of each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ddbproxy::base {

inline void append_varint(std::string& out, uint64_t number) {
  if (number < 0xf0) {
    out += static_cast<char>(number);
    return;
  }
  out += static_cast<char>(number | 0xf0);
  number = (number - 0xf0) >> 4;
  while (number >= 0x80) {
    out += static_cast<char>(number | 0x80);
    number = (number - 0x80) >> 7;
  }
  out += static_cast<char>(number);
}

/// Takes one off the front; none when it is not whole, or longer than any.
inline std::optional<uint64_t> take_varint(std::string_view& rest) {
  const auto byte = [&] {
    const auto first = static_cast<uint8_t>(rest.front());
    rest.remove_prefix(1);
    return first;
  };
  if (rest.empty()) return {};
  uint64_t value = byte();
  if (value < 0xf0) return value;
  for (unsigned shift = 4; shift < 64 && !rest.empty(); shift += 7) {
    const uint8_t next = byte();
    value += uint64_t{next} << shift;
    if (next < 0x80) return value;
  }
  return {};
}

}  // namespace ddbproxy::base
