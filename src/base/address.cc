// Address: the kernel's forms of an address and its text.
#include <algorithm>
#include <arpa/inet.h>
#include <cstddef>
#include <netinet/in.h>
#include <sys/un.h>

#include <ddbproxy/address.h>

namespace ddbproxy {
namespace {

template <class T>
T& as(sockaddr_storage& storage) {
  return reinterpret_cast<T&>(storage);
}
template <class T>
const T& as(const sockaddr_storage& storage) {
  return reinterpret_cast<const T&>(storage);
}

}  // namespace

Address Address::ipv4(uint32_t host_order, uint16_t port) {
  Address address;
  auto& in = as<sockaddr_in>(address.storage_);
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(host_order);
  in.sin_port = htons(port);
  return address;
}

Address Address::ipv6(const unsigned char (&bytes)[16], uint16_t port) {
  Address address;
  auto& in = as<sockaddr_in6>(address.storage_);
  in.sin6_family = AF_INET6;
  std::memcpy(&in.sin6_addr, bytes, 16);
  in.sin6_port = htons(port);
  return address;
}

Address Address::unix_path(std::string_view path) {
  Address address;
  auto& un = as<sockaddr_un>(address.storage_);
  if (path.size() >= sizeof un.sun_path) return address;
  un.sun_family = AF_UNIX;
  std::memcpy(un.sun_path, path.data(), path.size());
  return address;
}

Address Address::abstract(std::string_view name) {
  Address address;
  auto& un = as<sockaddr_un>(address.storage_);
  if (name.size() + 1 > sizeof un.sun_path) return address;
  un.sun_family = AF_UNIX;
  // haproxy gives the whole sun_path as the name, zero bytes included, and so must whoever talks to it.
  std::memcpy(un.sun_path + 1, name.data(), name.size());
  return address;
}

Address Address::from_sockaddr(const sockaddr* from, socklen_t length) {
  Address address;
  std::memcpy(&address.storage_, from, std::min<size_t>(length, sizeof address.storage_));
  return address;
}

Address Address::parse_ip(std::string_view text) {
  Address address;
  const std::string copy(text);
  if (inet_pton(AF_INET, copy.c_str(), &as<sockaddr_in>(address.storage_).sin_addr) == 1) {
    address.storage_.ss_family = AF_INET;
  } else if (inet_pton(AF_INET6, copy.c_str(), &as<sockaddr_in6>(address.storage_).sin6_addr) == 1) {
    address.storage_.ss_family = AF_INET6;
  }
  return address;
}

bool Address::is_any() const {
  if (family() == AF_INET) return as<sockaddr_in>(storage_).sin_addr.s_addr == INADDR_ANY;
  return family() == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&as<sockaddr_in6>(storage_).sin6_addr);
}

uint16_t Address::port() const {
  if (family() == AF_INET) return ntohs(as<sockaddr_in>(storage_).sin_port);
  return family() == AF_INET6 ? ntohs(as<sockaddr_in6>(storage_).sin6_port) : 0;
}

void Address::set_port(uint16_t port) {
  if (family() == AF_INET)
    as<sockaddr_in>(storage_).sin_port = htons(port);
  else if (family() == AF_INET6)
    as<sockaddr_in6>(storage_).sin6_port = htons(port);
}

uint32_t Address::ipv4_host_order() const { return ntohl(as<sockaddr_in>(storage_).sin_addr.s_addr); }
const unsigned char* Address::ipv6_bytes() const { return as<sockaddr_in6>(storage_).sin6_addr.s6_addr; }

bool Address::is_abstract() const { return is_unix() && !as<sockaddr_un>(storage_).sun_path[0]; }

std::string_view Address::path() const {
  if (!is_unix()) return {};
  const char* path = as<sockaddr_un>(storage_).sun_path;
  constexpr size_t capacity = sizeof(sockaddr_un::sun_path);
  if (*path) return {path, strnlen(path, capacity)};
  return {path + 1, strnlen(path + 1, capacity - 1)};
}

socklen_t Address::size() const {
  switch (family()) {
    case AF_INET: return sizeof(sockaddr_in);
    case AF_INET6: return sizeof(sockaddr_in6);
    case AF_UNIX: return sizeof(sockaddr_un);
    default: return 0;
  }
}

std::string Address::host() const {
  char buffer[INET6_ADDRSTRLEN] = "";
  switch (family()) {
    case AF_INET: return inet_ntop(AF_INET, &as<sockaddr_in>(storage_).sin_addr, buffer, sizeof buffer);
    case AF_INET6: return inet_ntop(AF_INET6, &as<sockaddr_in6>(storage_).sin6_addr, buffer, sizeof buffer);
    case AF_UNIX: return (is_abstract() ? "abns@" : "") + std::string(path());
    default: return {};
  }
}

std::string Address::text() const {
  if (family() == AF_INET6) return "[" + host() + "]:" + std::to_string(port());
  return is_ip() ? host() + ":" + std::to_string(port()) : host();
}

bool Address::operator==(const Address& other) const {
  return family() == other.family() && size() == other.size() && !std::memcmp(&storage_, &other.storage_, size());
}

}  // namespace ddbproxy
