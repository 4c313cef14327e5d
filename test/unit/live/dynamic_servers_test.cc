// Servers that come and go: who gets sessions, which numbers they have, and when their memory goes.
#include "live/dynamic_servers.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "backend_fixture.h"
#include "live/health/health_monitor.h"
#include "live/names/server_names.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;

namespace {

struct Household : World {
  using World::World;

  Server& add(std::string name, int weight = 1, void (*change)(model::Server&) = nullptr, Server* tracked = nullptr) {
    auto config = std::make_unique<model::Server>();
    config->name = std::move(name);
    config->weight = weight;
    config->held = true;
    if (change) change(*config);
    return servers.add(backend(), std::move(config), tracked);
  }
  void ready(Server& server) { states->set_ready(server, Cause::runtime_api); }
  void hold(Server& server) { states->set_maintenance(server, Cause::runtime_api); }
  void remove(const char* name) {
    hold(server(name));
    servers.remove(server(name), nullptr);
  }

  HealthMonitor health{*state, *states, loop};
  ServerNames names{*state, *states, loop};
  Farewell farewell{*state, loop};
  DynamicServers servers{*state, health, names, farewell};
};

std::unique_ptr<model::Proxy> with(model::Algorithm algorithm, const std::vector<Line>& lines) {
  auto proxy = make_proxy("b", lines);
  proxy->backend->balance.algorithm = algorithm;
  proxy->backend->balance.method = model::HashMethod::consistent;
  proxy->backend->balance.avalanche = true;  // neighbouring addresses go to different servers
  return proxy;
}

/// Who serves sessions from many addresses.
std::set<char> serving(World& world) {
  std::set<char> names;
  for (int i = 0; i < 200; ++i) names.insert(world.from("10.0.0." + std::to_string(i))[0]);
  return names;
}

}  // namespace

TEST_CASE("an added server serves once it is enabled, and a deleted one never again") {
  const auto algorithm = GENERATE(model::Algorithm::roundrobin, model::Algorithm::leastconn, model::Algorithm::random,
                                  model::Algorithm::source);
  const int factor = GENERATE(0, 150);
  auto proxy = with(algorithm, {{"a"}, {"b"}});
  proxy->backend->balance.hash_balance_factor = factor;
  Household world(std::move(proxy));
  Server& c = world.add("c", 3);
  CHECK(serving(world) == std::set{'a', 'b'});
  CHECK(c.status_text() == "MAINT");
  world.ready(c);
  CHECK(serving(world) == std::set{'a', 'b', 'c'});
  CHECK(world.backend().total_weight() == 5);
  world.remove("a");
  CHECK(serving(world) == std::set{'b', 'c'});
  world.remove("b");
  world.remove("c");
  CHECK(serving(world) == std::set{'-'});
  CHECK(world.backend().servers().empty());
  world.ready(world.add("d"));
  CHECK(serving(world) == std::set{'d'});
}

TEST_CASE("a server that is added as enabled serves at once") {
  Household world(make_proxy("b", {{"a"}}));
  world.add("n", 2, [](model::Server& server) { server.held = false; });
  const std::string chosen = world.rotate(6);
  CHECK(std::count(chosen.begin(), chosen.end(), 'n') == 4);
  CHECK(world.backend().total_weight() == 3);
}

TEST_CASE("balance first sees who comes by its id") {
  Household world(with(model::Algorithm::first, {{"a"}, {"b"}}));
  world.remove("a");
  CHECK(world.rotate(2) == "bb");
  world.ready(world.add("c"));
  CHECK(world.server("c").id() == 1);
  CHECK(world.rotate(2) == "cc");
}

TEST_CASE("tables by weight can lose servers") {
  auto proxy = make_proxy("b", {{"a"}, {"b", 2}});
  proxy->backend->balance.algorithm = GENERATE(model::Algorithm::static_rr, model::Algorithm::source);
  Household world(std::move(proxy));
  world.remove("a");
  CHECK(serving(world) == std::set{'b'});
  CHECK(world.rotate(3) == "bbb");
}

TEST_CASE("backups come and go, too") {
  Household world(make_proxy("b", {{"a"}}));
  Server& backup = world.add("s", 1, [](model::Server& server) { server.backup = true; });
  world.ready(backup);
  CHECK(world.backend().backup_servers() == 1);
  CHECK(world.rotate(1) == "a");
  world.remove("a");
  CHECK(world.rotate(1) == "s");
  world.remove("s");
  CHECK(world.rotate(1) == "-");
}

TEST_CASE("who waits for the backend is served by an added server") {
  Household world(make_proxy("b", {{"a", 1, [](model::Server& server) { server.maxconn = 1; }}}));
  Client first, second;
  CHECK(world.stay(first) == Assignment::Kind::leased);
  CHECK(world.stay(second) == Assignment::Kind::queued);
  world.ready(world.add("n"));
  world.run();
  REQUIRE(second.lease);
  CHECK(second.lease.server()->name() == "n");
}

TEST_CASE("ids fill the gaps, and lists keep the order of arrival") {
  Household world(make_proxy("b", {{"a"}, {"b"}, {"c"}}));
  world.remove("b");
  CHECK(world.backend().find("#2") == nullptr);
  world.add("d", 1, [](model::Server& server) {
    server.id = 7;
    server.forced_id = true;
  });
  CHECK(world.add("e").id() == 2);
  CHECK(world.add("f").id() == 4);
  CHECK(world.backend().find("#7") == world.backend().find("d"));
  std::string order;
  for (const auto& server : world.backend().servers()) order += server->name();
  CHECK(order == "acdef");
}

TEST_CASE("an added server waits for its checks and its agent to be enabled") {
  Household world(make_proxy("b", {}));
  Server& server = world.add("s", 1, [](model::Server& config) {
    config.check.enabled = config.agent.enabled = true;
    config.host = "nowhere.invalid";
  });
  CHECK(server.admin_state() == forced_maint);
  CHECK(server.check_state() == 2);
  CHECK(server.agent_state() == (2 | 16));
  world.ready(server);
  CHECK(server.status_text() == "no check");
}

TEST_CASE("what keeps a server from being deleted") {
  Household world(make_proxy("b", {{"a", 1, [](model::Server& server) { server.check.enabled = true; }}, {"b"}}));
  Server& b = world.server("b");
  CHECK(DynamicServers::why_not_removable(b) == "Only servers in maintenance mode can be deleted.");
  Client client;
  world.hold(world.server("a"));
  world.stay(client);
  world.hold(b);
  CHECK(DynamicServers::why_not_removable(b) == "Server still has connections attached to it, cannot remove it.");
  client.lease.drop();
  CHECK(DynamicServers::why_not_removable(b).empty());
  world.add("t", 1, nullptr, &world.server("a"));
  world.remove("t");
  CHECK(DynamicServers::why_not_removable(world.server("a")) ==
        "This server cannot be removed at runtime due to other configuration elements pointing to it.");
}

TEST_CASE("a tracker follows until it is deleted") {
  Household world(make_proxy("b", {{"a", 1, [](model::Server& server) { server.check.enabled = true; }}}));
  Server& tracker = world.add("t", 1, nullptr, &world.server("a"));
  world.ready(tracker);
  world.hold(world.server("a"));
  CHECK(tracker.status_text() == "MAINT (via b/a)");
  world.servers.remove(tracker, nullptr);
  world.ready(world.server("a"));
  CHECK(world.rotate(2) == "aa");
}

TEST_CASE("a deleted server's memory goes when no session mentions it, and its place is used again") {
  Household world(make_proxy("b", {{"a"}}));
  std::vector<Hooks::Mentions> asked;
  std::function<void(const Hooks::Mentions&)> answer;
  world.state->hooks.find_mentions = [&](Hooks::Mentions servers, auto done) {
    asked.push_back(std::move(servers));
    answer = std::move(done);
  };
  world.add("n");
  const std::weak_ptr<Server> gone = world.backend().servers()[1];
  const Server* name = gone.lock().get();
  const uint32_t index = name->index();
  world.servers.remove(world.server("n"), nullptr);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0] == Hooks::Mentions{name});

  SECTION("two quiet rounds are enough") {
    answer({});
    REQUIRE(asked.size() == 2);
    CHECK(!gone.expired());
    CHECK(world.add("m").index() != index);
    answer({});
    CHECK(gone.expired());
    CHECK(asked.size() == 2);
    CHECK(world.add("o").index() == index);
  }
  SECTION("one that is mentioned waits for a later round") {
    answer({name});
    answer({name});
    CHECK(!gone.expired());
    const auto asked_again = [&] {
      world.loop.run_once(base::Milliseconds(100));
      return asked.size() == 3;
    };
    const auto end = base::now() + std::chrono::seconds(10);
    while (!asked_again()) REQUIRE(base::now() < end);
    answer({});
    CHECK(gone.expired());
  }
  SECTION("another that goes meanwhile has rounds of its own") {
    world.remove("a");
    CHECK(asked.size() == 1);
    answer({});
    answer({});
    CHECK(gone.expired());
    REQUIRE(asked.size() == 3);
    CHECK(asked[2].size() == 1);
  }
}
