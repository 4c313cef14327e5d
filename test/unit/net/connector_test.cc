// A connection starts without waiting, from where the configuration says.
#include "net/connector.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "net/listener.h"

using namespace ddbproxy;

namespace {

struct Server {
  Server()
      : fd(std::move(
            *net::open_listener({}, model::Bind::Listener{.address = Address::ipv4(INADDR_LOOPBACK, 0)}, {}))) {}
  Address address() const { return net::local_address(fd.get()); }
  base::Fd fd;
};

/// Waits until the connection is decided, and tells how.
int decided(const base::Fd& fd) {
  pollfd wait{fd.get(), POLLOUT, 0};
  REQUIRE(poll(&wait, 1, 5000) == 1);
  return net::take_error(fd.get());
}

}  // namespace

TEST_CASE("a server that listens is reached") {
  Server server;
  auto fd = net::start_connect(server.address(), {});
  REQUIRE(fd);
  CHECK(decided(fd.fd) == 0);
  CHECK(net::peer_address(fd.fd.get()) == server.address());
}

TEST_CASE("a server that does not listen refuses, later") {
  Address nobody;
  {
    Server server;
    nobody = server.address();
  }
  auto fd = net::start_connect(nobody, {});
  REQUIRE(fd);
  CHECK(decided(fd.fd) == ECONNREFUSED);
}

TEST_CASE("a source address and a range of ports are kept to") {
  Server server;
  const uint16_t first = 22711;
  model::Source source{.address = Address::ipv4(0x7f000002, 0),
                       .ports = std::pair<uint16_t, uint16_t>{first, first + 1},
                       .interface = {}};
  net::ConnectOptions options;
  options.source = &source;
  auto one = net::start_connect(server.address(), options), two = net::start_connect(server.address(), options);
  REQUIRE(one);
  REQUIRE(two);
  CHECK(net::local_address(one.fd.get()).host() == "127.0.0.2");
  CHECK(net::local_address(one.fd.get()).port() + net::local_address(two.fd.get()).port() == 2 * first + 1);
  auto third = net::start_connect(server.address(), options);
  REQUIRE_FALSE(third);
  CHECK(third.failure == net::ConnectFailure::source);
}

TEST_CASE("an address of another family cannot be seen by a server") {
  Server server;
  const unsigned char loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  const Address client = Address::ipv6(loopback, 5000);
  model::Source source;
  source.as = model::Source::As::client;
  net::ConnectOptions options;
  options.source = &source;
  // Without a client, as in checks, it is as if nothing was said.
  CHECK(net::start_connect(server.address(), options));
  options.client = &client;
  const auto start = net::start_connect(server.address(), options);
  REQUIRE_FALSE(start);
  CHECK(start.failure == net::ConnectFailure::foreign);
}

TEST_CASE("a server behind a SOCKS4 proxy is reached by the proxy, of the same family") {
  Server proxy;
  const Address proxy_address = proxy.address();
  net::ConnectOptions options;
  options.socks4 = &proxy_address;
  const auto start = net::start_connect(Address::ipv4(0xc0000201, 9), options);
  REQUIRE(start);
  CHECK(decided(start.fd) == 0);
  const unsigned char bytes[16] = {0x20, 1, 0xd, 0xb8};
  CHECK_FALSE(net::start_connect(Address::ipv6(bytes, 9), options));
}

TEST_CASE("an interface that does not exist is no hindrance, like haproxy") {
  Server server;
  model::Source source{.address = {}, .ports = {}, .interface = "nope0"};
  net::ConnectOptions options;
  options.source = &source;
  auto start = net::start_connect(server.address(), options);
  REQUIRE(start);
  CHECK(decided(start.fd) == 0);
}

TEST_CASE("what keeps a connection from beginning is told apart") {
  Server server;
  model::Source source{.address = Address::ipv4(0xc0000201, 0), .ports = {}, .interface = {}};
  net::ConnectOptions options;
  options.source = &source;
  auto foreign = net::start_connect(server.address(), options);
  REQUIRE_FALSE(foreign);
  CHECK(foreign.failure == net::ConnectFailure::source);
  CHECK(foreign.error == EADDRNOTAVAIL);
  auto absent = net::start_connect(Address::unix_path("/nonexistent/socket"), {});
  REQUIRE_FALSE(absent);
  CHECK(absent.failure == net::ConnectFailure::refused);
  CHECK(absent.error == ENOENT);
}
