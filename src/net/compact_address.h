// An IP address and port in 20 bytes, for what is kept once a connection.
#pragma once

#include <cstdint>
#include <cstring>

#include <ddbproxy/address.h>

namespace ddbproxy::net {

/// Keeps the family of any Address, and host and port of an IP one.
class CompactAddress {
 public:
  CompactAddress() = default;
  explicit CompactAddress(const Address& address)
      : family_(static_cast<uint16_t>(address.family())), port_(address.port()) {
    if (address.family() == AF_INET6) std::memcpy(bytes_, address.ipv6_bytes(), sizeof bytes_);
    if (address.family() != AF_INET) return;
    const uint32_t host = address.ipv4_host_order();
    std::memcpy(bytes_, &host, sizeof host);
  }

  bool empty() const { return family_ == AF_UNSPEC; }
  Address expand() const {
    if (family_ == AF_INET6) return Address::ipv6(bytes_, port_);
    if (family_ == AF_UNIX) return Address::unix_path("");
    uint32_t host;
    std::memcpy(&host, bytes_, sizeof host);
    return family_ == AF_INET ? Address::ipv4(host, port_) : Address();
  }

 private:
  uint16_t family_ = AF_UNSPEC, port_ = 0;
  unsigned char bytes_[16] = {};
};

}  // namespace ddbproxy::net
