#include "net/socket_passing.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace ddbproxy;
using namespace ddbproxy::net;

namespace {

struct Pair {
  Pair() {
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    near.reset(ends[0]);
    far.reset(ends[1]);
  }
  base::Fd near, far;
};

}  // namespace

TEST_CASE("a connection goes through a pair of sockets") {
  Pair pair;
  bool gone = true;
  CHECK_FALSE(receive_connection(pair.far.get(), gone));
  CHECK_FALSE(gone);
  auto connection = connect_through(pair.near.get());
  REQUIRE(connection);
  const base::Fd received = receive_connection(pair.far.get(), gone);
  REQUIRE(received);
  CHECK_FALSE(gone);
  CHECK(write(connection->get(), "x", 1) == 1);
  char got;
  CHECK(read(received.get(), &got, 1) == 1);
  CHECK(got == 'x');
}

TEST_CASE("who is gone is noticed at the other end") {
  Pair pair;
  bool gone = false;
  SECTION("before") {
    pair.near.reset();
    CHECK_FALSE(receive_connection(pair.far.get(), gone));
    CHECK(gone);
  }
  SECTION("by who wants to connect") {
    pair.far.reset();
    CHECK_FALSE(connect_through(pair.near.get()));
  }
}

TEST_CASE("what is no connection is dropped") {
  Pair pair;
  bool gone = true;
  REQUIRE(write(pair.near.get(), "ab", 2) == 2);
  CHECK_FALSE(receive_connection(pair.far.get(), gone));
  CHECK_FALSE(gone);
}

TEST_CASE("listening sockets are asked for through a pair, too") {
  Pair pair;
  base::Fd listener(socket(AF_UNIX, SOCK_STREAM, 0));
  std::thread old([&] {
    bool gone = false;
    base::Fd connection;
    while (!connection && !gone) connection = receive_connection(pair.far.get(), gone);
    const GivenSocket given[] = {{listener.get(), "lo"}};
    static_cast<void>(send_sockets(connection.get(), given));
  });
  const auto sockets = receive_sockets(fmt::format("sockpair@{}", pair.near.get()));
  old.join();
  REQUIRE(sockets);
  REQUIRE(sockets->size() == 1);
  CHECK(sockets->front().interface == "lo");
  CHECK_FALSE(receive_sockets("sockpair@999"));
}
