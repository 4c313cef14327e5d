// A socket address, as the configuration writes it and as the kernel takes it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace ddbproxy {

/// IPv4, IPv6, UNIX path, abstract UNIX name, an inherited descriptor, or nothing. A plain value.
class Address {
 public:
  Address() { std::memset(&storage_, 0, sizeof storage_); }
  static Address ipv4(uint32_t host_order, uint16_t port);
  static Address ipv6(const unsigned char (&bytes)[16], uint16_t port);
  /// Empty (family AF_UNSPEC) when the path is longer than the kernel takes (107 bytes).
  static Address unix_path(std::string_view path);
  static Address abstract(std::string_view name);
  static Address from_sockaddr(const sockaddr* address, socklen_t length);
  /// Reads a numeric IPv4 or IPv6 address without port; family AF_UNSPEC when it is none.
  static Address parse_ip(std::string_view text);

  int family() const { return storage_.ss_family; }
  bool empty() const { return storage_.ss_family == AF_UNSPEC; }
  bool is_ip() const { return family() == AF_INET || family() == AF_INET6; }
  bool is_unix() const { return family() == AF_UNIX; }
  bool is_any() const;  ///< 0.0.0.0 or ::
  uint16_t port() const;
  void set_port(uint16_t port);
  uint32_t ipv4_host_order() const;
  const unsigned char* ipv6_bytes() const;
  /// The path of a UNIX socket, the name of an abstract one (without its leading zero byte).
  std::string_view path() const;
  bool is_abstract() const;

  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const;

  /// "127.0.0.1", "::1", "/run/x.sock", "abns@x".
  std::string host() const;
  /// "127.0.0.1:80", "[::1]:80", a path.
  std::string text() const;
  bool operator==(const Address& other) const;

 private:
  sockaddr_storage storage_;
};

}  // namespace ddbproxy
