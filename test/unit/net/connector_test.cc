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
  CHECK(decided(*fd) == 0);
  CHECK(net::peer_address(fd->get()) == server.address());
}

TEST_CASE("a server that does not listen refuses, later") {
  Address nobody;
  {
    Server server;
    nobody = server.address();
  }
  auto fd = net::start_connect(nobody, {});
  REQUIRE(fd);
  CHECK(decided(*fd) == ECONNREFUSED);
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
  CHECK(net::local_address(one->get()).host() == "127.0.0.2");
  CHECK(net::local_address(one->get()).port() + net::local_address(two->get()).port() == 2 * first + 1);
  auto third = net::start_connect(server.address(), options);
  REQUIRE_FALSE(third);
  CHECK(net::is_local_failure(third.error().code));
}

TEST_CASE("an interface that does not exist is a failure at once") {
  Server server;
  model::Source source{.address = {}, .ports = {}, .interface = "nope0"};
  net::ConnectOptions options;
  options.source = &source;
  auto fd = net::start_connect(server.address(), options);
  REQUIRE_FALSE(fd);
  CHECK(fd.error().code == ENODEV);
}
