#include "net/datagram.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/socket.h"

namespace ddbproxy::net {
namespace {

base::Error failed(std::string_view what, const std::string& where) {
  const int code = errno;
  return {code, fmt::format("{} ({}) for [{}]", what, std::strerror(code), where)};
}

/// Binds to a name beside the wanted one and then renames: a failure leaves the socket of before in place.
base::Status bind_unix(int fd, const model::Bind& bind, const Address& address, const ListenOptions& options) {
  const std::string path(address.path());
  if (address.is_abstract())
    return ::bind(fd, address.data(), address.size()) ? base::Status(failed("cannot bind UNIX socket", ""))
                                                      : base::ok();
  const std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
  const Address beside = Address::unix_path(temporary);
  unlink(temporary.c_str());
  if (beside.empty() || ::bind(fd, beside.data(), beside.size())) return failed("cannot bind UNIX socket", path);
  const auto uid = bind.uid ? bind.uid : options.unix_uid;
  const auto gid = bind.gid ? bind.gid : options.unix_gid;
  const auto mode = bind.mode ? bind.mode : options.unix_mode;
  const auto none = static_cast<uid_t>(-1);
  const bool given = ((uid || gid) && chown(temporary.c_str(), uid.value_or(none), gid.value_or(none))) ||
                     (mode && chmod(temporary.c_str(), *mode)) || rename(temporary.c_str(), path.c_str());
  if (!given) return base::ok();
  const base::Error error = failed("cannot change UNIX socket ownership", path);
  unlink(temporary.c_str());
  return error;
}

}  // namespace

base::Result<base::Fd> open_datagram(const model::Bind& bind, const Address& address, const ListenOptions& options) {
  const std::string where = address.is_unix() ? std::string(address.path()) : address.text();
  base::Fd fd(socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return failed("cannot create receiving socket", where);
  if (address.is_unix()) {
    if (base::Status bound = bind_unix(fd.get(), bind, address, options); !bound) return bound.error();
    return fd;
  }
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (options.reuse_port) set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (bind.transparent && !set_option(fd.get(), IPPROTO_IP, IP_TRANSPARENT, 1) &&
      !set_option(fd.get(), IPPROTO_IP, IP_FREEBIND, 1))
    return failed("cannot make receiving socket transparent", where);
  if (!bind.interface.empty() && setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, bind.interface.c_str(),
                                            static_cast<socklen_t>(bind.interface.size() + 1)))
    return failed(fmt::format("cannot bind receiver to device '{}'", bind.interface), where);
  if (address.family() == AF_INET6 && (bind.v6only || bind.v4v6))
    set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, bind.v6only);
  if (::bind(fd.get(), address.data(), address.size())) return failed("cannot bind socket", where);
  return fd;
}

}  // namespace ddbproxy::net
