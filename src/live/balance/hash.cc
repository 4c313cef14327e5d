#include "live/balance/hash.h"

namespace ddbproxy::live {

uint32_t scatter(uint32_t number) {
  uint32_t a = number;
  a = (a + 0x7ed55d16) + (a << 12);
  a = (a ^ 0xc761c23c) ^ (a >> 19);
  a = (a + 0x165667b1) + (a << 5);
  a = (a + 0xd3a2646c) ^ (a << 9);
  a = (a + 0xfd7046c5) + (a << 3);
  a = (a ^ 0xb55a4f09) ^ (a >> 16);
  return a * 3221225473u;
}

uint32_t hash_address(const Address& address) {
  if (address.family() == AF_INET) return address.ipv4_host_order();
  const unsigned char* bytes = address.ipv6_bytes();
  uint32_t hash = 0;
  for (int i = 0; i < 16; i += 4)
    hash ^= uint32_t{bytes[i]} << 24 | uint32_t{bytes[i + 1]} << 16 | uint32_t{bytes[i + 2]} << 8 | bytes[i + 3];
  return hash;
}

}  // namespace ddbproxy::live
