// Datagrams to a syslog server, and lines into a descriptor.
#include "log/sink.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "log/rings.h"

namespace ddbproxy::log {
namespace {

/// One socket a family and thread, for all targets: threads share no lock, and an unconnected socket neither hears of a
/// server that is gone nor has to be connected again when it is back.
int datagram_socket(int family) {
  thread_local base::Fd inet, inet6, local;
  base::Fd& fd = family == AF_INET ? inet : family == AF_INET6 ? inet6 : local;
  if (!fd) {
    fd.reset(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // Nothing is ever read from it, so nothing may pile up.
    const int least = 0;
    if (fd) ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
  }
  return fd.get();
}

class DatagramSink : public Sink {
 public:
  explicit DatagramSink(const Address& address) : address_(address) {}

  bool send(std::string_view message) override {
    const int fd = datagram_socket(address_.family());
    return fd >= 0 && ::sendto(fd, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL, address_.data(),
                               address_.size()) == static_cast<ssize_t>(message.size());
  }

 private:
  const Address address_;
};

/// Standard output, standard error, or what the parent process left open.
class DescriptorSink : public Sink {
 public:
  /// O_NONBLOCK belongs to the open file, not to this process: set on a terminal it would confuse the shell.
  explicit DescriptorSink(int fd) : fd_(fd), terminal_(::isatty(fd)) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (!terminal_ && flags >= 0) ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  }

  bool send(std::string_view message) override {
    if (terminal_) {
      pollfd ready{fd_, POLLOUT, 0};
      if (::poll(&ready, 1, 0) != 1) return false;
    }
    return ::write(fd_, message.data(), message.size()) == static_cast<ssize_t>(message.size());
  }

 private:
  const int fd_;
  const bool terminal_;
};

/// Messages in memory have no line end.
class RingSink : public Sink {
 public:
  explicit RingSink(std::string_view name) : ring_(find_ring(name)) {}

  bool send(std::string_view message) override {
    message.remove_suffix(message.ends_with('\n') ? 1 : 0);
    if (ring_ && ring_->append(message)) return true;
    errno = EAGAIN;  // counted, and nothing is said of it
    return false;
  }

 private:
  const std::shared_ptr<Ring> ring_;
};

}  // namespace

std::unique_ptr<Sink> Sink::make(const model::LogTarget& target) {
  if (target.kind == model::LogTarget::Kind::ring) return std::make_unique<RingSink>(target.ring);
  if (target.kind == model::LogTarget::Kind::fd) return std::make_unique<DescriptorSink>(target.fd);
  return std::make_unique<DatagramSink>(target.address);
}

}  // namespace ddbproxy::log
