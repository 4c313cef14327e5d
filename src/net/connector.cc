// Starting a connection to a server.
#include "net/connector.h"

#include <atomic>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/socket.h"

namespace ddbproxy::net {
namespace {

/// The port of a range that is next in turn.
uint16_t next_port(std::pair<uint16_t, uint16_t> ports) {
  static std::atomic<uint32_t> rover{0};
  const uint32_t count = uint32_t{ports.second} - ports.first + 1;
  return static_cast<uint16_t>(ports.first + rover.fetch_add(1, std::memory_order_relaxed) % count);
}

bool set_source(int fd, const model::Source& source) {
  if (!source.interface.empty() && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, source.interface.c_str(),
                                              static_cast<socklen_t>(source.interface.size() + 1)))
    return false;
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

base::Result<base::Fd> try_connect(const Address& to, const ConnectOptions& options) {
  base::Fd fd(socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return base::Error::from_errno(errno);
  if (to.is_ip()) {
    set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    if (options.keep_alive) set_keep_alive(fd.get(), *options.keep_alive);
    if (options.tcp_ut) set_option(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(options.tcp_ut->count()));
    if (options.smart_connect) set_option(fd.get(), IPPROTO_TCP, TCP_QUICKACK, 0);
    if (options.fast_open) set_option(fd.get(), IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1);
    if (options.receive_buffer) set_option(fd.get(), SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
    if (options.send_buffer) set_option(fd.get(), SOL_SOCKET, SO_SNDBUF, options.send_buffer);
    if (options.source && !set_source(fd.get(), *options.source)) return base::Error::from_errno(errno);
  }
  int result;
  do {
    result = ::connect(fd.get(), to.data(), to.size());
  } while (result && errno == EINTR);
  if (result && errno != EINPROGRESS) return base::Error::from_errno(errno);
  return fd;
}

bool port_is_taken(int code) { return code == EADDRINUSE || code == EADDRNOTAVAIL; }

}  // namespace

base::Result<base::Fd> start_connect(const Address& to, const ConnectOptions& options) {
  const bool range = options.source && options.source->ports;
  int ports_left = range ? options.source->ports->second - options.source->ports->first : 0;
  base::Result<base::Fd> fd = try_connect(to, options);
  while (!fd && port_is_taken(fd.error().code) && ports_left-- > 0) fd = try_connect(to, options);
  return fd;
}

bool is_local_failure(int code) {
  switch (code) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case EADDRINUSE:
    case EADDRNOTAVAIL:
    case EAGAIN: return true;
    default: return false;
  }
}

}  // namespace ddbproxy::net
