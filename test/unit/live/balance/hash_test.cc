// Which server a client goes to, as recorded from haproxy 2.6.12 with these servers and these source addresses.
#include <catch2/catch.hpp>

#include "../backend_fixture.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;

namespace {

const std::vector<Line> servers{{"a", 1}, {"b", 2}, {"c", 5}, {"d", 1}};

std::unique_ptr<model::Proxy> by_source(const std::vector<Line>& lines, model::HashMethod method, bool avalanche) {
  auto proxy = make_proxy("l", lines);
  auto& balance = proxy->backend->balance;
  balance.algorithm = model::Algorithm::source;
  balance.method = method;
  balance.avalanche = avalanche;
  return proxy;
}

/// Servers of sixty clients.
std::string clients(World& world) {
  std::string names;
  for (int i = 0; i < 60; ++i)
    names += world.from("127." + std::to_string(i * 7 % 256) + "." + std::to_string(i * 13 % 256) + "." +
                        std::to_string(1 + i * 31 % 254));
  return names;
}

}  // namespace

TEST_CASE("balance source sends each client where haproxy sends it") {
  using Method = model::HashMethod;
  const auto recorded = [](Method method, bool avalanche, std::string_view expected) {
    World world(by_source(servers, method, avalanche));
    CHECK(clients(world) == expected);
  };
  recorded(Method::map_based, false, "bdcbdcbdcaccaccacccbcaccabccbccbccbdcccbccbccbccbccbdcbdcbcc");
  recorded(Method::map_based, true, "ccbccdccccacccccccabccbcdbccccbccbccccbccbbcabccbcdacacccdad");
  recorded(Method::consistent, true, "cbcbbcdacccaaacabbabcabccaccbbcbccabccaccccacbddacccccdcccdb");
  recorded(Method::consistent, false, std::string(60, 'b'));
}

TEST_CASE("a server's place on the ring comes from its id") {
  auto proxy = by_source(servers, model::HashMethod::consistent, true);
  const uint32_t ids[] = {7, 3, 20, 1};
  for (size_t i = 0; i < 4; ++i) proxy->backend->servers[i].id = ids[i];
  World world(std::move(proxy));
  CHECK(clients(world) == "cabcaacacbcdddccbcdcbddbccccacccbbcbccccdcccccbcccacbccbbccc");
}

TEST_CASE("weights that share a divisor make the same map") {
  World world(by_source({{"a", 10}, {"b", 20}, {"c", 50}, {"d", 10}}, model::HashMethod::map_based, false));
  CHECK(clients(world) == "bdcbdcbdcaccaccacccbcaccabccbccbccbdcccbccbccbccbccbdcbdcbcc");
}

TEST_CASE("with consistent hashing a server that leaves moves only its own clients") {
  World world(by_source(servers, model::HashMethod::consistent, true));
  const std::string before = clients(world);
  world.states->set_maintenance(world.server("b"), Cause::runtime_api);
  const std::string without = clients(world);
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i] != 'b') CHECK(without[i] == before[i]);
    CHECK(without[i] != 'b');
  }
  world.states->set_ready(world.server("b"), Cause::runtime_api);
  CHECK(clients(world) == before);
}

TEST_CASE("static-rr gives the order that haproxy gives") {
  const auto sequence = [](std::vector<Line> lines, const std::string& recorded) {
    auto proxy = make_proxy("l", lines);
    proxy->backend->balance.algorithm = model::Algorithm::static_rr;
    World world(std::move(proxy));
    CHECK(world.rotate(static_cast<int>(recorded.size())) == recorded);
  };
  sequence(servers, "acbcbcccdacbcbcccdacbcbcccdacbcbcccdacbcbcccdacbcbcccdacbcbc");
  sequence({{"a", 13}, {"b", 7}, {"c", 5}, {"d", 3}}, "ababacabadacabcabadabacabacdababacabadacabcabadabacabacdabab");
}
