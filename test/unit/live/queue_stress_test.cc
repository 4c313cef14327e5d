// Many threads compete for few slots while servers come and go; meant for ThreadSanitizer, and for the counts at the
// end.
#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "backend_fixture.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;

namespace {

/// One worker: takes sessions one after the other, and now and then gives up waiting.
struct Worker {
  explicit Worker(World& shared) : world(shared) {}

  void run(int sessions) {
    for (int i = 0; i < sessions; ++i) {
      Client client;
      Assignment given = world.backend().assign({.client = nullptr, .avoid = nullptr}, client, loop);
      if (given.kind == Assignment::Kind::queued) {
        if (i % 7 == 3) {
          given.place.leave();
          ++left;
          continue;
        }
        const auto deadline = base::now() + std::chrono::seconds(20);
        while (!client.answers && base::now() < deadline) loop.run_once(base::Milliseconds(5));
        if (!client.answers) {
          ++lost;
          continue;
        }
      }
      const Lease& lease = given.lease ? given.lease : client.lease;
      if (lease) most = std::max(most, lease.server()->current_sessions());
      ++served;
    }
    loop.run_once(base::Milliseconds(0));
  }

  World& world;
  net::Loop loop;
  int served = 0, left = 0, lost = 0;
  uint32_t most = 0;
};

}  // namespace

TEST_CASE("no slot and no waiter is lost between threads") {
  const auto algorithm = GENERATE(model::Algorithm::roundrobin, model::Algorithm::leastconn,
                                  model::Algorithm::static_rr, model::Algorithm::random);
  constexpr int threads = 4, sessions = 1500;
  base::set_workers(threads);
  auto one = [](model::Server& server) { server.maxconn = 1; };
  auto proxy = make_proxy("l", {{"a", 1, one}, {"b", 2, one}});
  proxy->backend->balance.algorithm = algorithm;
  proxy->backend->redispatch = true;
  World world(std::move(proxy));
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < threads; ++i) workers.push_back(std::make_unique<Worker>(world));
  std::atomic<int> running{threads};
  std::vector<std::thread> running_threads;
  for (int i = 0; i < threads; ++i)
    running_threads.emplace_back([&, i] {
      base::set_thread_slot(i + 1);
      workers[static_cast<size_t>(i)]->run(sessions);
      --running;
    });
  while (running) {
    world.states->set_drain(world.server("b"), Cause::runtime_api);
    std::this_thread::yield();
    world.states->set_ready(world.server("b"), Cause::runtime_api);
    std::this_thread::yield();
    world.log.take();
  }
  for (auto& thread : running_threads) thread.join();
  int total = 0;
  for (const auto& worker : workers) {
    CHECK(worker->lost == 0);
    CHECK(worker->most <= 1);
    total += worker->served + worker->left;
  }
  CHECK(total == threads * sessions);
  CHECK(world.backend().total_queue() == 0);
  CHECK(world.backend().served() == 0);
  for (const auto& server : world.backend().servers()) CHECK(server->current_sessions() == 0);
  base::set_workers(1);
}
