// A syslog server of one test: a datagram socket on loopback or at a path, read with a deadline.
#pragma once

#include <catch2/catch.hpp>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <ddbproxy/address.h>

#include "base/fd.h"

namespace ddbproxy::test {

class SyslogServer {
 public:
  explicit SyslogServer(Address address) : fd_(::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    REQUIRE(::bind(fd_.get(), address.data(), address.size()) == 0);
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    REQUIRE(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&storage), &size) == 0);
    address_ = Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size);
  }

  const Address& address() const { return address_; }

  /// The next datagram; "(nothing)" when none comes.
  std::string receive(int deadline_ms = 2000) {
    pollfd waiting{fd_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, deadline_ms) != 1) return "(nothing)";
    char text[65536];
    const ssize_t size = ::recv(fd_.get(), text, sizeof text, 0);
    return size < 0 ? "(error)" : std::string(text, static_cast<size_t>(size));
  }
  /// True when no datagram is there now. Only for after a send, which on loopback arrives before it returns.
  bool silent() { return receive(0) == "(nothing)"; }

 private:
  base::Fd fd_;
  Address address_;
};

}  // namespace ddbproxy::test
