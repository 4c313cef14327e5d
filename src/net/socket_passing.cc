#include "net/socket_passing.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "net/socket.h"

namespace ddbproxy::net {
namespace {

constexpr size_t most_at_once = 252;
constexpr std::string_view request = "_getsocks\n";
constexpr int patience_ms = 1000;
constexpr size_t options_size = sizeof(int);  // behind the names of each; its receiver looks for itself

using Control = char[CMSG_SPACE(most_at_once * sizeof(int))];

bool wait_for(int fd, short what) {
  pollfd waiting{fd, what, 0};
  int ready;
  do {
    ready = poll(&waiting, 1, patience_ms);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

bool send_all(int fd, const void* data, size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size) {
    const ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN && wait_for(fd, POLLOUT)) continue;
    if (sent <= 0) return false;
    at += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

bool receive_all(int fd, void* data, size_t size) {
  char* at = static_cast<char*>(data);
  while (size) {
    if (!wait_for(fd, POLLIN)) return false;
    const ssize_t got = recv(fd, at, size, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

/// Of each: the length of its namespace and that, the length of its interface and that, and options.
std::string describe(std::span<const GivenSocket> sockets) {
  std::string text;
  for (const GivenSocket& socket : sockets) {
    for (const std::string_view name : {socket.network_namespace, socket.interface})
      (text += static_cast<char>(name.size())) += name;
    text.append(options_size, '\0');
  }
  return text;
}

bool send_some(int connection, std::span<const GivenSocket> sockets) {
  std::string text = describe(sockets);
  alignas(cmsghdr) Control control;
  iovec bytes{text.data(), text.size()};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = CMSG_SPACE(sockets.size() * sizeof(int));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sockets.size() * sizeof(int));
  for (size_t i = 0; i < sockets.size(); ++i) {
    std::memcpy(CMSG_DATA(header) + i * sizeof sockets[i].fd, &sockets[i].fd, sizeof sockets[i].fd);
  }
  ssize_t sent;
  do {
    sent = sendmsg(connection, &message, MSG_NOSIGNAL);
  } while (sent < 0 && (errno == EINTR || (errno == EAGAIN && wait_for(connection, POLLOUT))));
  return sent == static_cast<ssize_t>(text.size());
}

/// Takes one message: its text, and its descriptors as yet without names.
bool receive_some(int connection, std::string& text, std::vector<base::Fd>& fds) {
  char buffer[most_at_once * (2 + 2 * 255 + options_size)];
  alignas(cmsghdr) Control control;
  iovec bytes{buffer, sizeof buffer};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (!wait_for(connection, POLLIN)) return false;
  const ssize_t got = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  if (got <= 0) return false;
  text.append(buffer, static_cast<size_t>(got));
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return true;
}

/// Reads one description off the front of `text`; false when it is not whole.
bool read_names(std::string_view& text, PassedSocket& socket) {
  const auto take_name = [&](std::string& name) {
    if (text.empty() || text.size() <= static_cast<unsigned char>(text[0])) return false;
    const size_t length = static_cast<unsigned char>(text[0]);
    name = text.substr(1, length);
    text.remove_prefix(1 + length);
    return true;
  };
  if (!take_name(socket.network_namespace) || !take_name(socket.interface) || text.size() < options_size) return false;
  text.remove_prefix(options_size);
  return true;
}

constexpr std::string_view through_pair = "sockpair@";

base::Fd connect_to(const std::string& path) {
  if (path.starts_with(through_pair)) {
    auto connection = connect_through(std::atoi(path.c_str() + through_pair.size()));
    return connection ? std::move(*connection) : base::Fd();
  }
  const Address address = Address::unix_path(path);
  base::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd && (address.empty() || connect(fd.get(), address.data(), address.size()))) fd.reset();
  return fd;
}

int option(int fd, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(fd, level, name, &value, &size) ? 0 : value;
}

/// A UNIX socket was bound beside its path and then renamed: "/run/x.sock.1234.tmp".
std::string_view final_path(std::string_view bound) {
  constexpr std::string_view end = ".tmp";
  if (!bound.ends_with(end)) return bound;
  const std::string_view rest = bound.substr(0, bound.size() - end.size());
  const size_t dot = rest.rfind('.');
  if (dot == std::string_view::npos || dot + 1 == rest.size()) return bound;
  const std::string_view number = rest.substr(dot + 1);
  const bool is_number = std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c); });
  return is_number ? rest.substr(0, dot) : bound;
}

bool is_like(const PassedSocket& socket, const model::Bind& bind, const Address& wanted) {
  const int fd = socket.fd.get();
  if (option(fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM) return false;
  const Address bound = local_address(fd);
  if (bound.family() != wanted.family() || socket.interface != bind.interface) return false;
  if (wanted.is_ip() && socket.network_namespace != bind.network_namespace) return false;
  if (wanted.is_unix())
    return bound.is_abstract() == wanted.is_abstract() &&
           (wanted.is_abstract() ? bound.path() : final_path(bound.path())) == wanted.path();
  if (!(bound == wanted)) return false;
  const bool v6 = wanted.family() == AF_INET6;
  if (v6 && bind.v6only != (option(fd, IPPROTO_IPV6, IPV6_V6ONLY) != 0)) return false;
  const bool transparent = option(fd, IPPROTO_IP, IP_FREEBIND) ||
                           (v6 ? option(fd, IPPROTO_IPV6, IPV6_TRANSPARENT) : option(fd, IPPROTO_IP, IP_TRANSPARENT));
  return transparent == bind.transparent;
}

/// Two bytes and a descriptor, as haproxy sends a connection through a pair of sockets.
struct DescriptorMessage {
  char text[2] = {};
  iovec bytes{text, sizeof text};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr header{};

  DescriptorMessage() {
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
  }
  DescriptorMessage(const DescriptorMessage&) = delete;
  DescriptorMessage& operator=(const DescriptorMessage&) = delete;
};

}  // namespace

base::Status send_sockets(int connection, std::span<const GivenSocket> sockets) {
  const base::Error failed{errno, "the other process does not take the sockets"};
  const int count = static_cast<int>(sockets.size());
  if (!send_all(connection, &count, sizeof count)) return failed;
  while (!sockets.empty()) {
    const size_t now = std::min(sockets.size(), most_at_once);
    if (!send_some(connection, sockets.first(now))) return failed;
    sockets = sockets.subspan(now);
    int heard;
    if (!sockets.empty() && !receive_all(connection, &heard, sizeof heard)) return failed;
  }
  shutdown(connection, SHUT_WR);
  return base::ok();
}

base::Result<base::Fd> connect_through(int pair) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return base::Error::from_errno(errno);
  base::Fd own(ends[0]), theirs(ends[1]);
  DescriptorMessage message;
  cmsghdr* header = CMSG_FIRSTHDR(&message.header);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &ends[1], sizeof ends[1]);
  ssize_t sent;
  do {
    sent = sendmsg(pair, &message.header, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  if (sent != sizeof message.text) return base::Error::from_errno(errno);
  return own;
}

base::Fd receive_connection(int pair, bool& gone) {
  DescriptorMessage message;
  const ssize_t got = recvmsg(pair, &message.header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  gone = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
  if (got <= 0) return {};
  const cmsghdr* header = CMSG_FIRSTHDR(&message.header);
  if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
      header->cmsg_len != CMSG_LEN(sizeof(int)))
    return {};
  int fd;
  std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return base::Fd(fd);
}

base::Result<std::vector<PassedSocket>> receive_sockets(const std::string& path) {
  const base::Fd connection = connect_to(path);
  if (!connection) return base::Error{errno, "Failed to connect to the old process socket '" + path + "'"};
  if (!send_all(connection.get(), request.data(), request.size()))
    return base::Error{errno, "Failed to get the number of sockets to be transferred !"};
  return receive_passed(connection.get());
}

base::Result<std::vector<PassedSocket>> receive_passed(int connection) {
  int count = 0;
  if (!receive_all(connection, &count, sizeof count) || count < 0)
    return base::Error{errno, "Failed to get the number of sockets to be transferred !"};
  std::string text;
  std::vector<base::Fd> fds;
  // Whoever sends anything else than sockets, or less than it could, is not the process that it should be.
  const base::Instant end =
      base::now() + base::Milliseconds{patience_ms} * (2 + count / static_cast<int>(most_at_once));
  while (fds.size() < static_cast<size_t>(count)) {
    const int so_far = static_cast<int>(fds.size());
    if (!receive_some(connection, text, fds) || fds.size() == static_cast<size_t>(so_far) || base::now() > end)
      return base::Error{errno, "Failed to get the sockets: the old process sent fewer than it said"};
    if (!send_all(connection, &so_far, sizeof so_far)) break;
  }
  std::vector<PassedSocket> sockets;
  std::string_view rest = text;
  for (base::Fd& fd : fds) {
    PassedSocket& socket = sockets.emplace_back(PassedSocket{.fd = std::move(fd), .interface = {}});
    if (!read_names(rest, socket))
      return base::Error{0, "Failed to get the sockets: the old process described fewer than it sent"};
  }
  return sockets;
}

void InheritedSockets::add(std::vector<PassedSocket> sockets) {
  for (PassedSocket& socket : sockets) sockets_.push_back(std::move(socket));
}

base::Fd InheritedSockets::take(const model::Bind& bind, const Address& address) {
  const auto found = std::find_if(sockets_.begin(), sockets_.end(),
                                  [&](const PassedSocket& socket) { return is_like(socket, bind, address); });
  if (found == sockets_.end()) return {};
  base::Fd fd = std::move(found->fd);
  sockets_.erase(found);
  return fd;
}

}  // namespace ddbproxy::net
