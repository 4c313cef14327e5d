// Opening and pausing listening sockets.
#include "net/listener.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "net/network_namespace.h"
#include "net/socket_passing.h"

namespace ddbproxy::net {
namespace {

base::Error failed(int code, std::string_view what, std::string_view where) {
  return {code, fmt::format("{} ({}) for [{}]", what, std::strerror(code), where)};
}

base::Error unix_failed(int code, std::string_view what, std::string_view path) {
  return {code, fmt::format("{} ({}) [{}]", what, std::strerror(code), path)};
}

void warn(std::string* warning, const base::Error& error) {
  if (warning) *warning += (warning->empty() ? "" : ", ") + error.text;
}

void set_tcp_options(int fd, const model::Bind& bind, const ListenOptions& options, const std::string& where,
                     std::string* warning) {
  // Accepted sockets inherit it: no call per connection.
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_keep_alive(fd, options.keep_alive);
  if (options.receive_buffer) set_option(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
  if (options.send_buffer) set_option(fd, SOL_SOCKET, SO_SNDBUF, options.send_buffer);
  if (options.smart_accept) set_option(fd, IPPROTO_TCP, TCP_QUICKACK, 0);
  if (bind.mss && !set_option(fd, IPPROTO_TCP, TCP_MAXSEG, std::abs(bind.mss)))
    warn(warning, failed(errno, "cannot set MSS", where));
  if (bind.tcp_ut && !set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(bind.tcp_ut->count())))
    warn(warning, failed(errno, "cannot set TCP User Timeout", where));
  if (bind.defer_accept && !set_option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 60))
    warn(warning, failed(errno, "cannot enable DEFER_ACCEPT", where));
  if (bind.tfo && !set_option(fd, IPPROTO_TCP, TCP_FASTOPEN, backlog_of(bind, options)))
    warn(warning, failed(errno, "cannot enable TCP_FASTOPEN", where));
}

/// As the system gives it to a new socket.
void reset_option(int fd, int name) {
  const base::Fd fresh(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
  int value = 0;
  socklen_t size = sizeof value;
  if (fresh && getsockopt(fresh.get(), IPPROTO_TCP, name, &value, &size) == 0) set_option(fd, IPPROTO_TCP, name, value);
}

/// What a line of before may have set and this one does not.
void undo_tcp_options(int fd, const model::Bind& bind, const ListenOptions& options) {
  const model::KeepAlive& probes = options.keep_alive;
  if (!probes.on) set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
  if (!probes.on || !probes.count) reset_option(fd, TCP_KEEPCNT);
  if (!probes.on || !probes.idle.count()) reset_option(fd, TCP_KEEPIDLE);
  if (!probes.on || !probes.interval.count()) reset_option(fd, TCP_KEEPINTVL);
  if (!options.smart_accept) set_option(fd, IPPROTO_TCP, TCP_QUICKACK, 1);
  if (!bind.mss) set_option(fd, IPPROTO_TCP, TCP_MAXSEG, 0);
  if (!bind.tcp_ut) set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 0);
  if (!bind.defer_accept) set_option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 0);
  if (!bind.tfo) set_option(fd, IPPROTO_TCP, TCP_FASTOPEN, 0);
}

base::Result<base::Fd> open_inet(const model::Bind& bind, const Address& address, const ListenOptions& options,
                                 std::string* warning) {
  const std::string where = address.text();
  base::Fd fd = make_socket(address.family(), bind.network_namespace);
  if (!fd) return failed(errno, "cannot create receiving socket", where);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (options.reuse_port) set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (bind.transparent && !set_option(fd.get(), IPPROTO_IP, IP_TRANSPARENT, 1) &&
      !set_option(fd.get(), IPPROTO_IP, IP_FREEBIND, 1))
    warn(warning, failed(errno, "cannot make receiving socket transparent", where));
  if (!bind.interface.empty() && setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, bind.interface.c_str(),
                                            static_cast<socklen_t>(bind.interface.size() + 1)))
    warn(warning, failed(errno, fmt::format("cannot bind receiver to device '{}'", bind.interface), where));
  if (address.family() == AF_INET6 && (bind.v6only || bind.v4v6))
    set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, bind.v6only);
  if (::bind(fd.get(), address.data(), address.size())) return failed(errno, "cannot bind socket", where);
  set_tcp_options(fd.get(), bind, options, where, warning);
  if (::listen(fd.get(), backlog_of(bind, options))) return failed(errno, "cannot listen to socket", where);
  return fd;
}

/// What a path needs once the socket is bound to it; 0 or errno.
int give_away(const std::string& path, const model::Bind& bind, const ListenOptions& options) {
  const auto uid = bind.uid ? bind.uid : options.unix_uid;
  const auto gid = bind.gid ? bind.gid : options.unix_gid;
  const auto mode = bind.mode ? bind.mode : options.unix_mode;
  if ((uid || gid) && chown(path.c_str(), uid.value_or(static_cast<uid_t>(-1)), gid.value_or(static_cast<gid_t>(-1))))
    return errno;
  return mode && chmod(path.c_str(), *mode) ? errno : 0;
}

/// Binds to a name beside the wanted one and then renames, so that there is always somebody at the path, and a failure
/// leaves the socket of before in place.
base::Result<base::Fd> open_unix(const model::Bind& bind, const Address& address, const ListenOptions& options) {
  const std::string path(address.path());
  const std::string shown = address.is_abstract() ? "" : path;
  base::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return unix_failed(errno, "cannot create receiving socket", shown);
  if (address.is_abstract()) {
    if (::bind(fd.get(), address.data(), address.size()))
      return errno == EADDRINUSE ? base::Error{errno, "cannot bind UNIX socket (already in use) []"}
                                 : unix_failed(errno, "cannot bind UNIX socket", shown);
  } else {
    struct stat there;
    if (!lstat(path.c_str(), &there) && S_ISDIR(there.st_mode))
      return unix_failed(EPERM, "error when trying to preserve previous UNIX socket", path);
    const std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
    const Address beside = Address::unix_path(temporary);
    if (beside.empty()) return unix_failed(ENAMETOOLONG, "cannot bind UNIX socket", path);
    unlink(temporary.c_str());
    if (::bind(fd.get(), beside.data(), beside.size())) return unix_failed(errno, "cannot bind UNIX socket", path);
    if (const int code = give_away(temporary, bind, options)) {
      unlink(temporary.c_str());
      return unix_failed(code, "cannot change UNIX socket ownership", path);
    }
    if (options.pending) {
      options.pending->push_back({temporary, path});
    } else if (rename(temporary.c_str(), path.c_str())) {
      const int code = errno;
      unlink(temporary.c_str());
      return unix_failed(code, "cannot switch final and temporary UNIX sockets", path);
    }
  }
  if (::listen(fd.get(), backlog_of(bind, options))) return unix_failed(errno, "cannot listen to UNIX socket", shown);
  return fd;
}

/// A socket that listens already, by another line perhaps.
base::Status set_anew(int fd, const Address& address, const model::Bind& bind, const ListenOptions& options,
                      std::string* warning) {
  if (address.is_ip() && options.undo) undo_tcp_options(fd, bind, options);
  if (address.is_ip()) set_tcp_options(fd, bind, options, address.text(), warning);
  // Listening again only sets the length of its queue.
  if (::listen(fd, backlog_of(bind, options))) return failed(errno, "cannot listen to socket", address.text());
  return base::ok();
}

base::Result<base::Fd> take_over(const model::Bind& bind, int inherited, const ListenOptions& options,
                                 std::string* warning) {
  base::Fd fd(inherited);
  const Address address = local_address(inherited);
  if (address.empty()) {
    const int code = errno;
    fd.release();
    return base::Error{code, fmt::format("cannot use file descriptor '{}' : {}.", inherited, std::strerror(code))};
  }
  fcntl(inherited, F_SETFL, fcntl(inherited, F_GETFL) | O_NONBLOCK);
  fcntl(inherited, F_SETFD, FD_CLOEXEC);
  if (const base::Status set = set_anew(inherited, address, bind, options, warning); !set) return set.error();
  return fd;
}

}  // namespace

ListenOptions listen_options(const model::Global& global, int backlog) {
  ListenOptions options;
  options.reuse_port = !global.noreuseport;
  options.backlog = backlog;
  options.receive_buffer = static_cast<int>(global.rcvbuf_client);
  options.send_buffer = static_cast<int>(global.sndbuf_client);
  return options;
}

ListenOptions listen_options(const model::Global& global, const model::Frontend& frontend) {
  ListenOptions options =
      listen_options(global, static_cast<int>(frontend.backlog ? frontend.backlog : frontend.maxconn));
  options.keep_alive = frontend.keep_alive;
  options.smart_accept = frontend.tcp_smart_accept;
  options.unix_mode = global.unix_bind_mode;
  options.unix_uid = global.unix_bind_uid;
  options.unix_gid = global.unix_bind_gid;
  return options;
}

int backlog_of(const model::Bind& bind, const ListenOptions& options) {
  if (bind.backlog) return static_cast<int>(bind.backlog);
  return options.backlog ? options.backlog : 1024;
}

std::string socket_place(const model::Bind& bind, const model::Bind::Listener& listener) {
  if (listener.inherited_fd >= 0) return fmt::format("fd@{}", listener.inherited_fd);
  if (listener.address.is_unix()) {
    const auto number = [](const auto& value) { return value ? fmt::to_string(*value) : "-"; };
    return fmt::format("{} {} {} {}", listener.address.path(), number(bind.mode), number(bind.uid), number(bind.gid));
  }
  return fmt::format("{}%{}%{}{}{}{}", listener.address.text(), bind.interface, bind.network_namespace,
                     bind.transparent ? " transparent" : "", bind.v6only ? " v6only" : "", bind.v4v6 ? " v4v6" : "");
}

base::Result<base::Fd> open_listener(const model::Bind& bind, const model::Bind::Listener& listener,
                                     const ListenOptions& options, std::string* warning) {
  if (listener.inherited_fd >= 0) return take_over(bind, listener.inherited_fd, options, warning);
  if (options.inherited)
    if (base::Fd fd = options.inherited->take(bind, listener.address))
      return take_over(bind, fd.release(), options, warning);
  if (listener.address.is_unix()) return open_unix(bind, listener.address, options);
  return open_inet(bind, listener.address, options, warning);
}

bool set_the_same(const model::Bind& a, const ListenOptions& of_a, const model::Bind& b, const ListenOptions& of_b) {
  const model::KeepAlive &probes_a = of_a.keep_alive, &probes_b = of_b.keep_alive;
  return backlog_of(a, of_a) == backlog_of(b, of_b) && a.mss == b.mss && a.tcp_ut == b.tcp_ut &&
         a.defer_accept == b.defer_accept && a.tfo == b.tfo && of_a.smart_accept == of_b.smart_accept &&
         of_a.receive_buffer == of_b.receive_buffer && of_a.send_buffer == of_b.send_buffer &&
         probes_a.on == probes_b.on && probes_a.count == probes_b.count && probes_a.idle == probes_b.idle &&
         probes_a.interval == probes_b.interval;
}

base::Status renew_listener(int fd, const Address& address, const model::Bind& bind, ListenOptions options) {
  options.undo = true;
  return set_anew(fd, address, bind, options, nullptr);
}

bool suspend_listening(int fd) {
  // What haproxy does too: some systems let a shut socket listen again, and Linux keeps the address meanwhile.
  return ::shutdown(fd, SHUT_RD) == 0;
}

bool resume_listening(int fd, int backlog) { return ::listen(fd, backlog) == 0; }

}  // namespace ddbproxy::net
