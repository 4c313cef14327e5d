#include <catch2/catch.hpp>

#include "backend_fixture.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;
using Kind = ddbproxy::live::Assignment::Kind;

namespace {

void one_slot(model::Server& server) { server.maxconn = 1; }
void short_queue(model::Server& server) {
  server.maxconn = 1;
  server.maxqueue = 1;
}

std::unique_ptr<model::Proxy> by_source(const std::vector<Line>& lines) {
  auto proxy = make_proxy("l", lines);
  proxy->backend->balance.algorithm = model::Algorithm::source;
  return proxy;
}

const Address client_address = Address::parse_ip("127.0.0.1");

}  // namespace

TEST_CASE("who waits for a slot is served in the order of arrival, on their own loop") {
  World world(make_proxy("l", {{"a", 1, one_slot}}));
  Client first, second, third;
  CHECK(world.stay(first) == Kind::leased);
  CHECK(world.stay(second) == Kind::queued);
  CHECK(world.stay(third) == Kind::queued);
  CHECK(world.backend().current_queue() == 2);
  first.lease.drop();
  CHECK(second.answers == 0);  // not from within drop()
  world.run();
  CHECK(second.lease);
  CHECK(third.answers == 0);
  CHECK(world.backend().current_queue() == 1);
  second.lease.drop();
  world.run();
  CHECK(third.lease);
  CHECK(second.place.backend_queue_position() == 1);
  CHECK(third.place.backend_queue_position() == 2);
  CHECK(world.server("a").current_sessions() == 1);
}

TEST_CASE("a slot that was granted to someone who has left goes to the next one") {
  World world(make_proxy("l", {{"a", 1, one_slot}}));
  Client first, gone, next;
  world.stay(first);
  world.stay(gone);
  world.stay(next);
  first.lease.drop();  // granted to `gone`, and on its way
  gone.place.leave();
  world.run();
  CHECK(gone.answers == 0);
  CHECK(next.lease);
  CHECK(world.server("a").current_sessions() == 1);
  CHECK(world.backend().total_queue() == 0);
}

TEST_CASE("the state may end while a grant is on its way") {
  Client first, second;
  {
    World world(make_proxy("l", {{"a", 1, one_slot}}));
    world.stay(first);
    world.stay(second);
    first.lease.drop();
    second.place = Place();
  }
  CHECK(second.answers == 0);
}

TEST_CASE("a hashed client waits for its own server, as far as maxqueue lets it") {
  World world(by_source({{"a", 1, short_queue}}));
  Client holder, waiter, refused;
  CHECK(world.stay(holder, &client_address) == Kind::leased);
  CHECK(world.stay(waiter, &client_address) == Kind::queued);
  CHECK(world.server("a").current_queue() == 1);
  const Assignment answer = world.backend().assign({.client = &client_address, .avoid = nullptr}, refused, world.loop);
  CHECK(answer.kind == Kind::full);
  CHECK(answer.server == &world.server("a"));
}

TEST_CASE("of a server's queue and the backend's, the one who came first is served first") {
  World world(by_source({{"a", 1, one_slot}}));
  Client holder, own;
  world.stay(holder, &client_address);
  world.stay(own, &client_address);
  holder.lease.drop();
  world.run();
  CHECK(own.lease);
  CHECK(own.place.server_queue_position() == 1);
  CHECK(own.place.backend_queue_position() == 0);
}

TEST_CASE("those in a dead server's queue choose again with option redispatch, and stay without it") {
  const bool redispatch = GENERATE(true, false);
  auto proxy = by_source({{"a", 1, one_slot}, {"b", 1, one_slot}});
  proxy->backend->redispatch = redispatch;
  World world(std::move(proxy));
  const std::string chosen = world.from("127.0.0.1");
  Server& server = world.server(chosen);
  Client holder, waiter;
  world.stay(holder, &client_address);
  REQUIRE(holder.lease.server() == &server);
  CHECK(world.stay(waiter, &client_address) == Kind::queued);
  world.states->force_down(server, Cause::runtime_api);
  world.run();
  CHECK(bool(waiter.lease) == redispatch);
  CHECK(server.current_queue() == (redispatch ? 0 : 1));
  CHECK(world.log.take().at(0) == "1 Server l/" + chosen +
                                      " is DOWN, changed from CLI. 1 active and 0 backup servers left. " +
                                      "1 sessions active, " + (redispatch ? "1" : "0") + " requeued, " +
                                      (redispatch ? "0" : "1") + " remaining in queue.");
}

TEST_CASE("when no server is left, whoever waited for the dead one is told so by an empty lease") {
  auto proxy = by_source({{"a", 1, one_slot}});
  proxy->backend->redispatch = true;
  World world(std::move(proxy));
  Client holder, waiter;
  world.stay(holder, &client_address);
  world.stay(waiter, &client_address);
  world.states->force_down(world.server("a"), Cause::runtime_api);
  world.run();
  CHECK(waiter.answers == 1);
  CHECK_FALSE(waiter.lease);
}

TEST_CASE("a server that comes back takes over who waits for the backend") {
  World world(make_proxy("l", {{"a", 1, one_slot}, {"b", 1, one_slot}}));
  world.states->force_down(world.server("b"), Cause::runtime_api);
  Client holder, waiter;
  world.stay(holder);
  CHECK(world.stay(waiter) == Kind::queued);
  world.log.take();
  world.states->force_up(world.server("b"), Cause::runtime_api);
  world.run();
  CHECK(waiter.lease.server() == &world.server("b"));
  CHECK(world.log.take().at(0) ==
        "5 Server l/b is UP, changed from CLI. 2 active and 0 backup servers online. 1 sessions "
        "requeued, 0 total in queue.");
}

TEST_CASE("minconn grows with the backend's load up to maxconn at fullconn") {
  auto proxy = make_proxy("l", {{"a", 1, [](model::Server& server) {
                                   server.minconn = 2;
                                   server.maxconn = 10;
                                 }}});
  proxy->backend->fullconn = 100;
  World world(std::move(proxy));
  const Server& server = world.server("a");
  CHECK(server.current_limit() == 2);
  for (int i = 0; i < 50; ++i) world.backend().begin_session();
  CHECK(server.current_limit() == 5);
  for (int i = 0; i < 60; ++i) world.backend().begin_session();
  CHECK(server.current_limit() == 10);
}

TEST_CASE("a raised maxconn serves who waits") {
  World world(make_proxy("l", {{"a", 1, one_slot}}));
  Client first, second;
  world.stay(first);
  world.stay(second);
  world.states->set_maxconn(world.server("a"), 2);
  world.run();
  CHECK(second.lease);
}
