#include "admin/closest_commands.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::admin;

namespace {

/// The words of the commands offered, without `help`, `prompt` and `quit`, which must stand last.
std::vector<std::string> offered(const std::vector<std::string>& words, Client client = {}) {
  std::vector<std::string> found;
  for (size_t index : closest_commands(client, words)) found.emplace_back(commands()[index].words);
  REQUIRE(found.size() >= 3);
  CHECK(std::vector<std::string>(found.end() - 3, found.end()) == std::vector<std::string>{"help", "prompt", "quit"});
  found.resize(found.size() - 3);
  return found;
}
using List = std::vector<std::string>;

}  // namespace

TEST_CASE("an unknown command gets the commands that haproxy 2.6 would offer") {
  CHECK(offered({"foo"}) == List{"add acl", "show fd", "show info", "trace", "user"});
  CHECK(offered({"show", "inf"}) == List{"show fd", "show info"});
  CHECK(offered({"shw", "info"}) == List{"show info"});
  CHECK(offered({"show", "proc"}) == List{"show acl", "show errors", "show fd", "show peers", "show pools"});
  CHECK(offered({"disable", "srv"}) == List{"disable agent", "disable health", "disable server"});
  CHECK(offered({"set", "maxconn", "srv"}) == List{"set maxconn global", "set maxconn server"});
  CHECK(offered({"enable", "srv", "b1/s1"}) ==
        List{"enable agent", "enable frontend", "enable health", "enable server"});
}

TEST_CASE("words that all match list everything that begins with them") {
  CHECK(offered({"show", "cli"}) == List{"show cli level", "show cli sockets"});
  CHECK(offered({"show"}).size() == 35);
  CHECK(offered({}).size() == 100);
}

TEST_CASE("expert commands are offered in expert mode only, those of the master never") {
  CHECK(offered({"debug", "dev"}).front() == "del acl");
  CHECK(offered({"debug", "dev"}, {.expert = true}).size() == 16);
  CHECK(offered({"reload"}) == List{"add acl", "add map", "add server", "del acl", "del map"});
}

TEST_CASE("on the master's socket its own commands are offered, and all of them to who asks for that") {
  CHECK(offered({}, {.master = true}) == List{"@!<pid>", "@<relative pid>", "@master", "operator", "reload",
                                              "show cli level", "show cli sockets", "show proc", "show version",
                                              "user"});
  CHECK(offered({"reload"}, {.master = true}) == List{"reload"});
  CHECK(offered({}, {.master = true, .master_debug = true}).size() == offered({}).size() + 5);
}

TEST_CASE("help keeps haproxy's layout") {
  CHECK(help_line({"show fd", "show fd [num]", "words"}) == "  show fd [num]                           : words\n");
}
