#include "live/balance/hash.h"

namespace ddbproxy::live {

uint32_t hash_address(const Address& address) {
  if (address.family() == AF_INET) return address.ipv4_host_order();
  const unsigned char* bytes = address.ipv6_bytes();
  uint32_t hash = 0;
  for (int i = 0; i < 16; i += 4)
    hash ^= uint32_t{bytes[i]} << 24 | uint32_t{bytes[i + 1]} << 16 | uint32_t{bytes[i + 2]} << 8 | bytes[i + 3];
  return hash;
}

}  // namespace ddbproxy::live
