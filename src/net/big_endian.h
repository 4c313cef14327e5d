// Reading numbers and addresses as they stand on the wire. The bytes must be there.
#pragma once

#include <cstring>
#include <string_view>

#include <ddbproxy/address.h>

namespace ddbproxy::net {

inline unsigned char byte_at(std::string_view data, size_t at) { return static_cast<unsigned char>(data[at]); }

inline uint16_t short_at(std::string_view data, size_t at) {
  return static_cast<uint16_t>(byte_at(data, at) << 8 | byte_at(data, at + 1));
}

inline uint32_t long_at(std::string_view data, size_t at) {
  return uint32_t{short_at(data, at)} << 16 | short_at(data, at + 2);
}

inline Address ipv4_at(std::string_view data, size_t at, uint16_t port) {
  return Address::ipv4(long_at(data, at), port);
}

inline Address ipv6_at(std::string_view data, size_t at, uint16_t port) {
  unsigned char bytes[16];
  std::memcpy(bytes, data.data() + at, sizeof bytes);
  return Address::ipv6(bytes, port);
}

}  // namespace ddbproxy::net
