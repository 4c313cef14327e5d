#include "live/health/health_monitor.h"

#include <catch2/catch.hpp>

#include "../backend_fixture.h"
#include "live/health/check_status.h"
#include "net/socket.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;
using namespace std::chrono_literals;

namespace {

base::Fd listen_anywhere(Address& address) {
  base::Fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  Address any = Address::ipv4(INADDR_LOOPBACK, 0);
  bind(fd.get(), any.data(), any.size());
  listen(fd.get(), 10);
  address = net::local_address(fd.get());
  return fd;
}

void often_checked(model::Server& server) {
  server.check.enabled = true;
  server.check.inter = 20ms;
}

template <class F>
bool wait_until(net::Loop& loop, F&& condition) {
  for (const auto deadline = base::now() + 5s; base::now() < deadline; loop.run_once(10ms))
    if (condition()) return true;
  return condition();
}

}  // namespace

TEST_CASE("a server that listens stays up, goes down when it stops, and comes back") {
  Address address;
  base::Fd listening = listen_anywhere(address);
  auto proxy = make_proxy("l", {{"a", 1, often_checked}});
  proxy->backend->servers[0].address = address;
  World world(std::move(proxy));
  Server& a = world.server("a");
  HealthMonitor monitor(*world.state, *world.states, world.loop);
  monitor.start();
  CHECK(wait_until(world.loop, [&] { return a.status_text() == "UP"; }));
  CHECK(a.health().status == CheckStatus::l4_ok);
  // The connection was never completed, as with haproxy: nothing to accept.
  CHECK(accept(listening.get(), nullptr, nullptr) == -1);
  listening.reset();
  CHECK(wait_until(world.loop, [&] { return a.status_text() == "DOWN"; }));
  CHECK(a.health().description == "Connection refused");
  CHECK(a.health().failed_checks == 3);
  base::Fd again(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(again.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  REQUIRE(bind(again.get(), address.data(), address.size()) == 0);
  listen(again.get(), 10);
  CHECK(wait_until(world.loop, [&] { return a.status_text() == "UP"; }));
}

TEST_CASE("a check that is told to sends the PROXY header first") {
  Address address;
  base::Fd listening = listen_anywhere(address);
  auto proxy = make_proxy("l", {{"a", 1, often_checked}});
  proxy->backend->servers[0].address = address;
  proxy->backend->servers[0].check.send_proxy = true;
  World world(std::move(proxy));
  HealthMonitor monitor(*world.state, *world.states, world.loop);
  monitor.start();
  char buffer[108] = {};
  REQUIRE(wait_until(world.loop, [&] {
    base::Fd client(accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK));
    return client && recv(client.get(), buffer, sizeof buffer - 1, 0) > 0;
  }));
  CHECK(std::string_view(buffer).starts_with("PROXY TCP4 127.0.0.1 127.0.0.1 "));
}

TEST_CASE("a server in maintenance is not checked") {
  Address address;
  listen_anywhere(address).reset();
  auto proxy = make_proxy("l", {{"a", 1, often_checked}, {"b", 1, often_checked}});
  for (auto& server : proxy->backend->servers) server.address = address;
  World world(std::move(proxy));
  HealthMonitor monitor(*world.state, *world.states, world.loop);
  world.states->set_maintenance(world.server("a"), Cause::runtime_api);
  monitor.start();
  CHECK(wait_until(world.loop, [&] { return world.server("b").status_text() == "DOWN"; }));
  CHECK(world.server("a").health().status == CheckStatus::initializing);
}

TEST_CASE("failed sessions that are observed reach the control loop") {
  auto proxy = make_proxy("l", {{"a", 1, [](model::Server& server) {
                                   server.check.enabled = true;
                                   server.check.inter = 1h;
                                   server.observe = model::Observe::layer4;
                                   server.error_limit = 2;
                                   server.on_error = model::OnError::mark_down;
                                 }}});
  World world(std::move(proxy));
  Server& a = world.server("a");
  HealthMonitor monitor(*world.state, *world.states, world.loop);
  a.report_connection(false);
  a.report_connection(true);
  a.report_connection(false);
  world.run();
  CHECK(a.eligible());
  a.report_connection(false);
  world.run();
  CHECK_FALSE(a.eligible());
  CHECK(a.observed_failures == 1);
}
