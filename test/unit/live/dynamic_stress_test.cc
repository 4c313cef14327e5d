// Threads take sessions while servers come and go; meant for the sanitizers, and for the counts at the end.
#include <catch2/catch.hpp>
#include <thread>

#include "backend_fixture.h"
#include "live/dynamic_servers.h"
#include "live/health/health_monitor.h"
#include "live/names/server_names.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;

namespace {

/// Sessions one after the other, each of which looks at its server while it has it.
struct Visitor {
  explicit Visitor(World& shared) : world(shared) {}

  void run(const std::atomic<bool>& stop) {
    const Address source = Address::ipv4(INADDR_LOOPBACK, 0);
    while (!stop) {
      Client client;
      Assignment given = world.backend().assign({.client = &source, .avoid = nullptr}, client, loop);
      const auto end = base::now() + std::chrono::seconds(20);
      while (given.kind == Assignment::Kind::queued && !client.answers && base::now() < end) loop.run_once({});
      Lease& lease = given.lease ? given.lease : client.lease;
      (lease && lease.server()->name().size() == 1 ? served : lost) += 1;
      lease.drop();
      loop.run_once({});
    }
  }

  World& world;
  net::Loop loop;
  std::atomic<int> served = 0, lost = 0;
};

}  // namespace

TEST_CASE("sessions never lose the server they have while servers come and go") {
  constexpr int threads = 3;
  base::set_workers(threads);
  auto proxy = make_proxy("b", {{"s"}});
  model::Balance& balance = proxy->backend->balance;
  balance.algorithm = GENERATE(model::Algorithm::roundrobin, model::Algorithm::leastconn, model::Algorithm::first,
                               model::Algorithm::random, model::Algorithm::source);
  balance.method = model::HashMethod::consistent;
  balance.hash_balance_factor = 110;
  proxy->backend->redispatch = true;
  World world(std::move(proxy));
  HealthMonitor health(*world.state, *world.states, world.loop);
  ServerNames names(*world.state, *world.states, world.loop);
  Farewell farewell(*world.state, world.loop);
  DynamicServers servers(*world.state, health, names, farewell);
  std::vector<std::unique_ptr<Visitor>> visitors;
  for (int i = 0; i < threads; ++i) visitors.push_back(std::make_unique<Visitor>(world));
  world.state->hooks.find_mentions = [&](const Hooks::Mentions&, auto done) {
    auto left = std::make_shared<std::atomic<int>>(threads);
    for (const auto& visitor : visitors)
      visitor->loop.post([left, done, &world] {
        if (--*left == 0) world.loop.post([done] { done({}); });
      });
  };
  std::atomic<bool> stop = false;
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&, i] {
      base::set_thread_slot(i + 1);
      visitors[static_cast<size_t>(i)]->run(stop);
    });
  std::vector<std::weak_ptr<Server>> gone;
  for (int round = 0; round < 200; ++round) {
    auto config = std::make_unique<model::Server>();
    config->name = "n";
    config->held = true;
    config->maxconn = 1;
    Server& added = servers.add(world.backend(), std::move(config), nullptr);
    gone.push_back(world.backend().servers().back());
    world.states->set_ready(added, Cause::runtime_api);
    world.loop.run_once({});
    world.states->set_maintenance(added, Cause::runtime_api);
    while (!DynamicServers::why_not_removable(added).empty()) world.loop.run_once({});
    servers.remove(added, nullptr);
    world.log.take();
  }
  const auto all_gone = [&] {
    world.loop.run_once(base::Milliseconds(1));
    return std::all_of(gone.begin(), gone.end(), [](const auto& server) { return server.expired(); });
  };
  const auto end = base::now() + std::chrono::seconds(20);
  while (!all_gone()) REQUIRE(base::now() < end);
  stop = true;
  for (auto& thread : running) thread.join();
  for (const auto& visitor : visitors) {
    CHECK(visitor->served > 0);
    CHECK(visitor->lost == 0);
  }
  CHECK(world.backend().served() == 0);
  CHECK(world.backend().total_queue() == 0);
  base::set_workers(1);
}
