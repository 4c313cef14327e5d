// The sequences are recorded from haproxy 2.6.12: listeners that send their name, one connection after the other.
#include <catch2/catch.hpp>

#include "../backend_fixture.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;

namespace {

void backup(model::Server& server) { server.backup = true; }

}  // namespace

TEST_CASE("roundrobin gives the order that haproxy gives for these weights") {
  const auto sequence = [](std::vector<Line> lines, const std::string& recorded) {
    World world(make_proxy("l", lines));
    CHECK(world.rotate(static_cast<int>(recorded.size())) == recorded);
  };
  sequence({{"a"}, {"b"}, {"c"}, {"d"}}, "abcdabcdabcda");
  sequence({{"a", 1}, {"b", 2}, {"c", 3}}, "cbcacbcbcacbcbcac");
  sequence({{"a", 5}, {"b", 1}, {"c", 1}}, "aaabaacaaabaacaaaba");
  sequence({{"a", 10}, {"b", 20}, {"c", 30}, {"d", 40}},
           "dcdbcdadcbdcdbcdadcbdcdbcdadcbdcdbcdadcbdcdbcdadcbdcdbcdadcb");
  sequence({{"a", 100}, {"b", 1}, {"c", 50}, {"d", 3}},
           "aacaacaacaacaacaacadacaacaacaacaacaacaacaacaacaacaacaacaacabacaacaacaacadacaacaacaacaacaacaacaacaacaacaac");
  sequence({{"a", 13}, {"b", 7}, {"c", 5}, {"d", 3}, {"e", 2}},
           "abacabadeacbaabcadabacbaeabcadabacabadeacbaabcadabacbaeabcadabaca");
  sequence({{"a", 0}, {"b", 1}, {"c", 2}}, "ccbccbccbcc");
}

TEST_CASE("a changed weight takes its place in the running rotation") {
  World world(make_proxy("l", {{"a", 3}, {"b", 2}, {"c", 1}}));
  CHECK(world.rotate(4) == "abac");
  world.states->set_weight(world.server("c"), 6);
  const std::string names = world.rotate(22);
  CHECK(std::count(names.begin(), names.end(), 'c') >= 11);
  world.states->set_weight(world.server("c"), 0);
  CHECK(world.rotate(20).find('c') == std::string::npos);
}

TEST_CASE("four equal servers share 400 connections equally, also after one was away") {
  World world(make_proxy("l", {{"a"}, {"b"}, {"c"}, {"d"}}));
  world.rotate(7);
  world.states->set_maintenance(world.server("c"), Cause::runtime_api);
  CHECK(world.rotate(30).find('c') == std::string::npos);
  world.states->set_ready(world.server("c"), Cause::runtime_api);
  world.rotate(4);
  const std::string names = world.rotate(400);
  for (const char name : {'a', 'b', 'c', 'd'}) CHECK(std::count(names.begin(), names.end(), name) == 100);
}

TEST_CASE("redispatch avoids a server as long as there is another one") {
  World world(make_proxy("l", {{"a"}, {"b"}}));
  CHECK(world.rotate(4, &world.server("a")) == "bbbb");
  world.states->set_maintenance(world.server("b"), Cause::runtime_api);
  CHECK(world.rotate(2, &world.server("a")) == "aa");
}

TEST_CASE("backups serve when no active server is left: the first one, or all with allbackups") {
  auto proxy = make_proxy("l", {{"a"}, {"b", 1, backup}, {"c", 1, backup}});
  const bool all = GENERATE(false, true);
  proxy->backend->allbackups = all;
  World world(std::move(proxy));
  CHECK(world.rotate(3) == "aaa");
  world.states->set_drain(world.server("a"), Cause::runtime_api);
  CHECK(world.rotate(4) == (all ? "bcbc" : "bbbb"));
  world.states->set_maintenance(world.server("b"), Cause::runtime_api);
  CHECK(world.rotate(2) == "cc");
  world.states->set_maintenance(world.server("c"), Cause::runtime_api);
  CHECK(world.rotate(2) == "--");
}
