#include "sample/value.h"

#include <algorithm>

namespace ddbproxy::sample {

bool Value::set_address(const Address& address) {
  if (address.family() == AF_INET) {
    set_ipv4(address.ipv4_host_order());
    return true;
  }
  if (address.family() != AF_INET6) return false;
  type = Type::ipv6;
  std::copy_n(address.ipv6_bytes(), ip.size(), ip.begin());
  return true;
}

Address Value::address() const {
  if (type == Type::ipv4) return Address::ipv4(ipv4_host_order(), 0);
  unsigned char bytes[16];
  std::copy(ip.begin(), ip.end(), bytes);
  return Address::ipv6(bytes, 0);
}

}  // namespace ddbproxy::sample
