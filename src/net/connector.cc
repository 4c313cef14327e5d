// Starting a connection to a server.
#include "net/connector.h"

#include <atomic>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/network_namespace.h"
#include "net/socket.h"

namespace ddbproxy::net {
namespace {

/// The port of a range that is next in turn.
uint16_t next_port(std::pair<uint16_t, uint16_t> ports) {
  static std::atomic<uint32_t> rover{0};
  const uint32_t count = uint32_t{ports.second} - ports.first + 1;
  return static_cast<uint16_t>(ports.first + rover.fetch_add(1, std::memory_order_relaxed) % count);
}

void set_interface(int fd, const model::Source& source) {
  // Like haproxy, connects by another way where there is no such interface.
  if (!source.interface.empty())
    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, source.interface.c_str(),
               static_cast<socklen_t>(source.interface.size() + 1));
}

bool set_source(int fd, const model::Source& source) {
  if (source.address.empty()) return true;
  Address address = source.address;
  if (source.ports) address.set_port(next_port(*source.ports));
  // Without a port, it is chosen by connect(), which knows the other end and so may use one port for many servers.
  if (address.port())
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  else
    set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  return ::bind(fd, address.data(), address.size()) == 0;
}

/// The address that the server shall see in the place of ours; empty: ours.
Address foreign_source(const model::Source& source, const Address* client) {
  using As = model::Source::As;
  if (!client) return {};
  switch (source.as) {
    case As::self:
    case As::header: break;
    case As::address: return source.as_address;
    case As::client:
      if (client->is_ip()) return *client;
      break;
    case As::client_ip:
      if (client->is_ip()) {
        Address address = *client;
        address.set_port(0);
        return address;
      }
      break;
  }
  return {};
}

bool use_foreign_source(int fd, const Address& address) {
  // Without the right to it, binding says so.
  if (address.family() == AF_INET6)
    set_option(fd, IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
  else
    set_option(fd, IPPROTO_IP, IP_TRANSPARENT, 1);
  if (!address.port()) set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  return ::bind(fd, address.data(), address.size()) == 0;
}

bool is_range(const model::Source& source) {
  return source.as == model::Source::As::self && source.ports && source.ports->first != source.ports->second;
}

ConnectStart failed(ConnectFailure failure) { return {{}, failure, errno}; }

bool port_is_taken(int code) { return code == EADDRINUSE || code == EADDRNOTAVAIL; }

/// Where the connection itself goes.
const Address& first_hop(const Address& to, const ConnectOptions& options) {
  return options.socks4 && to.is_ip() ? *options.socks4 : to;
}

ConnectStart try_connect(const Address& to, const ConnectOptions& options) {
  base::Fd fd = make_socket(to.family(), options.network_namespace);
  if (!fd) return failed(ConnectFailure::no_socket);
  if (to.is_ip()) {
    set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    if (options.keep_alive) set_keep_alive(fd.get(), *options.keep_alive);
    if (options.tcp_ut) set_option(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(options.tcp_ut->count()));
    if (options.smart_connect) set_option(fd.get(), IPPROTO_TCP, TCP_QUICKACK, 0);
    if (options.fast_open) set_option(fd.get(), IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1);
    if (options.receive_buffer) set_option(fd.get(), SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
    if (options.send_buffer) set_option(fd.get(), SOL_SOCKET, SO_SNDBUF, options.send_buffer);
    if (options.source) {
      set_interface(fd.get(), *options.source);
      const Address foreign = foreign_source(*options.source, options.client);
      if (!foreign.empty()) {
        if (!use_foreign_source(fd.get(), foreign)) return failed(ConnectFailure::foreign);
      } else if (!set_source(fd.get(), *options.source)) {
        return failed(ConnectFailure::source);
      }
    }
  }
  const Address& hop = first_hop(to, options);
  int result;
  do {
    result = ::connect(fd.get(), hop.data(), hop.size());
  } while (result && errno == EINTR);
  if (!result || errno == EINPROGRESS) return {std::move(fd), {}, 0};
  if (!port_is_taken(errno)) return failed(errno == EAGAIN ? ConnectFailure::no_port : ConnectFailure::refused);
  // A port of a range that was bound may be that of another connection to the same place.
  return failed(options.source && is_range(*options.source) ? ConnectFailure::source : ConnectFailure::no_port);
}

}  // namespace

ConnectStart start_connect(const Address& to, const ConnectOptions& options) {
  const bool range = options.source && options.source->ports;
  int ports_left = range ? options.source->ports->second - options.source->ports->first : 0;
  ConnectStart start = try_connect(to, options);
  while (!start && port_is_taken(start.error) && ports_left-- > 0) start = try_connect(to, options);
  return start;
}

}  // namespace ddbproxy::net
