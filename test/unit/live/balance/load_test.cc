// Algorithms that look at how loaded the servers are.
#include <catch2/catch.hpp>
#include <deque>

#include "../backend_fixture.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;

namespace {

std::unique_ptr<model::Proxy> with(model::Algorithm algorithm, const std::vector<Line>& lines) {
  auto proxy = make_proxy("l", lines);
  proxy->backend->balance.algorithm = algorithm;
  return proxy;
}

/// The servers of sessions that stay, one after the other.
std::string pile_up(World& world, std::deque<Client>& clients, int count) {
  std::string names;
  for (int i = 0; i < count; ++i) {
    clients.emplace_back();
    world.stay(clients.back());
    names += clients.back().lease ? clients.back().lease.server()->name() : "-";
  }
  return names;
}

}  // namespace

TEST_CASE("leastconn fills servers by weight, and of equal ones takes the one that was equal first") {
  World world(with(model::Algorithm::leastconn, {{"a"}, {"b"}, {"c"}}));
  std::deque<Client> clients;
  CHECK(pile_up(world, clients, 7) == "abcabca");
  clients[1].lease.drop();  // b has 1 now, a 3, c 2
  CHECK(pile_up(world, clients, 2) == "bc");
}

TEST_CASE("idle leastconn servers take turns") {
  World world(with(model::Algorithm::leastconn, {{"a", 1}, {"b", 2}, {"c", 5}, {"d", 1}}));
  CHECK(world.rotate(9) == "abcdabcda");
}

TEST_CASE("first fills the server with the lowest id before it uses the next one") {
  auto two = [](model::Server& server) { server.maxconn = 2; };
  auto proxy = with(model::Algorithm::first, {{"a", 1, two}, {"b", 1, two}, {"c", 1, two}});
  proxy->backend->servers[0].id = 9;
  World world(std::move(proxy));
  std::deque<Client> clients;
  CHECK(pile_up(world, clients, 7) == "bbccaa-");
}

TEST_CASE("random keeps away from a full server") {
  auto one = [](model::Server& server) { server.maxconn = 1; };
  World world(with(model::Algorithm::random, {{"a"}, {"b"}, {"full", 1, one}}));
  std::deque<Client> clients;
  pile_up(world, clients, 100);
  CHECK(world.server("full").current_sessions() <= 1);
}

TEST_CASE("random takes the less loaded of two draws") {
  World world(with(model::Algorithm::random, {{"a"}, {"b"}}));
  std::deque<Client> clients;
  pile_up(world, clients, 400);
  const uint32_t a = world.server("a").current_sessions();
  CHECK(a + world.server("b").current_sessions() == 400);
  CHECK(a > 120);
  CHECK(a < 280);
}

TEST_CASE("hash-balance-factor sends a popular client elsewhere when its server has more than its share") {
  auto proxy = with(model::Algorithm::source, {{"a"}, {"b"}, {"c"}, {"d"}});
  proxy->backend->balance.method = model::HashMethod::consistent;
  proxy->backend->balance.avalanche = true;
  proxy->backend->balance.hash_balance_factor = 150;
  World world(std::move(proxy));
  std::deque<Client> clients;
  const Address popular = Address::parse_ip("127.0.0.1");
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back();
    CHECK(world.stay(clients.back(), &popular) == Assignment::Kind::leased);
  }
  for (const auto& server : world.backend().servers()) CHECK(server->current_sessions() <= 15);
}
