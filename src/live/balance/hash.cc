#include "live/balance/hash.h"

#include "base/hashes.h"
#include "live/backend.h"

namespace ddbproxy::live {

uint32_t hash_address(const Address& address) {
  if (address.family() == AF_INET) return address.ipv4_host_order();
  const unsigned char* bytes = address.ipv6_bytes();
  uint32_t hash = 0;
  for (int i = 0; i < 16; i += 4)
    hash ^= uint32_t{bytes[i]} << 24 | uint32_t{bytes[i + 1]} << 16 | uint32_t{bytes[i + 2]} << 8 | bytes[i + 3];
  return hash;
}

uint32_t hash_text(std::string_view text, model::HashFunction function) {
  switch (function) {
    case model::HashFunction::sdbm: return base::sdbm(text);
    case model::HashFunction::djb2: return base::djb2(text);
    case model::HashFunction::wt6: return base::wt6(text);
    case model::HashFunction::crc32: return base::crc32(text);
  }
  return 0;
}

std::optional<uint32_t> ClientHash::operator()(const PickRequest& request) const {
  std::optional<uint32_t> hash = request.hash;
  if (of_source_ && request.client && request.client->is_ip()) hash = hash_address(*request.client);
  return hash && avalanche_ ? base::scatter(*hash) : hash;
}

}  // namespace ddbproxy::live
