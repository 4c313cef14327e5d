// Clients beyond a limit wait outside, and come in when there is room.
#include "stream/workers.h"

#include <catch2/catch.hpp>

#include "proxy_fixture.h"
#include "stream/census.h"

using namespace ddbproxy;
using namespace ddbproxy::test;

namespace {

struct Fixture : ProxyFixture {
  Fixture() { add_server(server.address()); }
  Server server;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a limit is never exceeded, and every client gets its turn") {
  SECTION("frontend maxconn") { proxy.frontend->maxconn = 3; }
  SECTION("bind maxconn") { proxy.frontend->binds[0].maxconn = 3; }
  SECTION("global maxconn") { model->global.maxconn = 3; }
  proxy.frontend->backlog = 100;  // otherwise it is maxconn
  start();
  state->process.maxconn = model->global.maxconn;
  std::vector<Peer> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(client());
  for (int round = 0; round < 4; ++round) {
    std::vector<Peer> behind;
    for (int i = 0; i < 3; ++i) REQUIRE(behind.emplace_back(server.accept()));
    CHECK(workers->sessions() == 3);
    for (Peer& each : behind) each.reset();
  }
  CHECK(eventually([&] { return workers->sessions() == 0 && state->process.current_connections == 0; }));
}

TEST_CASE_METHOD(Fixture, "clients spread over the workers") {
  start();
  std::vector<Peer> clients, behind;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(client());
    REQUIRE(behind.emplace_back(server.accept()));
  }
  size_t least = 40, most = 0;
  for (size_t i = 0; i < workers->size(); ++i) {
    least = std::min(least, (*workers)[i].load());
    most = std::max(most, (*workers)[i].load());
  }
  CHECK(workers->sessions() == 40);
  CHECK(most - least <= 3);
}

TEST_CASE_METHOD(Fixture, "a rate of sessions is kept to") {
  proxy.frontend->rate_limit_sessions = 5;
  start();
  const base::Instant begin = base::now();
  std::vector<Peer> clients, behind;
  for (int i = 0; i < 10; ++i) clients.push_back(client());
  for (int i = 0; i < 10; ++i) REQUIRE(behind.emplace_back(server.accept()));
  CHECK(base::now() - begin > std::chrono::milliseconds{500});
  CHECK(frontend().session_rate_max.get() <= 6);
}

TEST_CASE_METHOD(Fixture, "a paused frontend leaves clients waiting, and an unlistened one is not watched") {
  start();
  workers->pause(frontend().current());
  REQUIRE(eventually([&] {  // both workers have heard of it when clients stay outside
    Peer probe = client();
    pollfd wait{probe.fd.get(), POLLIN, 0};
    return poll(&wait, 1, 0) == 0;
  }));
  workers->unlisten(frontend().current());
  const uint64_t before = frontend().counters.sum(&live::FrontendCounters::conn_tot);
  Peer outside = client();
  workers->listen(frontend().current());
  CHECK(eventually([&] { return frontend().counters.sum(&live::FrontendCounters::conn_tot) > before; }));
}

TEST_CASE_METHOD(Fixture, "stopping ends what is left, with its log lines") {
  start();
  Peer client = this->client(), behind = server.accept();
  client.say("x");
  behind.hear(1);
  workers->stop();
  CHECK(client.ended());
  CHECK(log_line() == "p/s K- 1/1/0/0/0 0/0");
}

TEST_CASE_METHOD(Fixture, "a session mentions the server that it has") {
  start();
  const Peer one = client();
  const Peer behind = server.accept();
  const live::Server* named = backend().servers()[0].get();
  const live::Server* other = named + 1;
  net::Loop control;
  int answers = 0;
  const auto ask = [&](const live::Hooks::Mentions& expected) {
    stream::Census(*workers).find_mentions({other, named}, control, [&](const live::Hooks::Mentions& mentioned) {
      CHECK(mentioned == expected);
      ++answers;
    });
    const int before = answers;
    return eventually([&] {
      control.run_once(base::Milliseconds(1));
      return answers > before;
    });
  };
  CHECK(ask({named}));
  one.end();
  behind.end();
  REQUIRE(eventually([&] { return workers->sessions() == 0; }));
  CHECK(ask({}));
}
