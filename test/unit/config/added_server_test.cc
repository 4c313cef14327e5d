// `add server` reads options by the tables of the configuration.
#include "config/added_server.h"

#include <catch2/catch.hpp>

#include "config/tables.h"

using namespace ddbproxy;
using namespace ddbproxy::config;

namespace {

AddedServer read(std::vector<std::string> words, const model::Server* owner_of_3 = nullptr) {
  model::Proxy proxy;
  proxy.name = "b";
  proxy.backend.emplace();
  return read_added_server(proxy, words, {{"DDB_PORT", "80"}},
                           [=](uint32_t id) { return id == 3 ? owner_of_3 : nullptr; });
}

}  // namespace

TEST_CASE("a server is read as from its line, but waits to be enabled") {
  const AddedServer added = read({"s", "127.0.0.1:80", "weight", "7", "check", "minconn", "5", "maxconn", "3"});
  REQUIRE(added.server);
  CHECK(added.server->name == "s");
  CHECK(added.server->address == Address::ipv4(0x7f000001, 80));
  CHECK(added.server->weight == 7);
  CHECK(added.server->check.enabled);
  CHECK(added.server->maxconn == 5);
  CHECK(added.server->held);
  CHECK(!added.server->disabled);
  CHECK(added.title == "'server b/s' : ");
  CHECK(added.diagnostics.all().empty());
  CHECK(!read({"s", "127.0.0.1:80", "enabled"}).server->held);
  CHECK(read({"s", "127.0.0.1:$DDB_PORT"}).server->address == added.server->address);
  CHECK(read({"s", "127.0.0.1:80", "enabled", "disabled"}).server->disabled);
}

TEST_CASE("what is wrong is said once to the client and with the server's name to the console") {
  const AddedServer added = read({"s", "127.0.0.1:80", "weight", "999", "bogus"});
  CHECK(!added.server);
  CHECK(added.error == "weight of server s is not within 0 and 256 (999)..");
  REQUIRE(added.diagnostics.all().size() == 1);
  CHECK(added.diagnostics.all()[0].text == "'server b/s' : " + added.error);
}

TEST_CASE("names and addresses are judged before the server has a name") {
  CHECK(read({"s"}).error == "'server' expects <name> and <addr>[:<port>] as arguments.");
  CHECK(read({"a/b", "127.0.0.1:80"}).error == "character '/' is not permitted in server name 'a/b'.");
  CHECK(read({"a/b", "127.0.0.1:80"}).title.empty());
}

TEST_CASE("an id may belong to any server that runs") {
  model::Server owner;
  owner.name = "other";
  CHECK(read({"s", "127.0.0.1:80", "id", "3"}, &owner).error ==
        "'id' : custom id 3 already used at (null):0 ('server other').");
  CHECK(read({"s", "127.0.0.1:80", "id", "4"}, &owner).server->id == 4);
}

TEST_CASE("options that are not for servers that come at run time are refused by name") {
  CHECK(read({"s", "127.0.0.1:80", "cookie", "x"}).error == "'cookie' option is not accepted for dynamic server");
  int refused = 0;
  for (const auto* table : server_tables())
    for (const auto& row : table->rows) {
      if (row.dynamic) continue;
      CHECK(read({"s", "127.0.0.1:80", std::string(row.name)}).error ==
            "'" + std::string(row.name) + "' option is not accepted for dynamic server");
      ++refused;
    }
  CHECK(refused > 15);
}
