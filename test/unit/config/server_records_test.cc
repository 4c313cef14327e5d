// Files of server states as they are read, and what a configuration that is read anew keeps of them.
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

#include <ddbproxy/parse.h>

#include "config/server_state_file.h"

using namespace ddbproxy;

namespace {

/// A file that goes with the case.
struct StateFile {
  explicit StateFile(std::string_view text) : path(fmt::format("/tmp/ddbproxy-states-{}", getpid())) {
    std::ofstream(path) << text;
  }
  ~StateFile() { unlink(path.c_str()); }
  const std::string path;
};

std::string line(std::string_view server, std::string_view address, int weight, std::string_view host) {
  return fmt::format("1 b 1 {} {} 2 0 {} 1 60 6 3 4 6 0 0 0 {} 81 - 0 0 - - 0\n", server, address, weight, host);
}

ParseResult read(const std::string& states, std::string_view servers,
                 std::shared_ptr<const model::Model> running = nullptr) {
  ParseOptions options;
  options.running = std::move(running);
  return parse({{"a.cfg", fmt::format("global\n  server-state-file {}\n"
                                      "defaults\n  timeout client 1s\n  timeout connect 1s\n  timeout server 1s\n"
                                      "  load-server-state-from-file global\n"
                                      "backend b\n{}",
                                      states, servers)}},
               options);
}

}  // namespace

TEST_CASE("a server has the first line of its name, and one that is configured anew has none") {
  const StateFile file("1\n# x\n" + line("s1", "1.2.3.4", 7, "-") + line("s1", "1.2.3.4", 8, "-"));
  const auto result = read(file.path, "  server s1 127.0.0.1:80\n  server s2 127.0.0.1:80\n");
  REQUIRE(result.model);
  CHECK(result.diagnostics.all().empty());
  const auto& servers = result.model->proxies.at(0)->backend->servers;
  REQUIRE(servers.at(0).record);
  CHECK(servers[0].record->failure.empty());
  CHECK(servers[0].record->weight == 7);
  CHECK(servers[0].record->check_status == model::CheckStatus::l4_ok);
  CHECK(servers[0].record->seconds_since_change == 60);
  CHECK(servers[0].record->port == 81);
  CHECK(servers[0].record->host.empty());
  CHECK(servers[0].address.text() == "127.0.0.1:80");  // a name's address is taken from there, and no other
  CHECK_FALSE(servers.at(1).record);
}

TEST_CASE("what is read anew keeps the address that a file had, and reads no file") {
  const std::string server = "  server s1 no.such.host.invalid:80 init-addr last\n";
  std::shared_ptr<const model::Model> running;
  {
    const StateFile file("1\n" + line("s1", "1.2.3.4", 7, "no.such.host.invalid"));
    running = read(file.path, server).model;
  }
  REQUIRE(running);
  const auto again = read("/nowhere", server + "  server s2 127.0.0.1:80\n", running);
  REQUIRE(again.model);
  CHECK(again.diagnostics.all().empty());
  const auto& servers = again.model->proxies.at(0)->backend->servers;
  CHECK(servers.at(0).address.text() == "1.2.3.4:80");
  CHECK(servers.at(0).record == running->proxies.at(0)->backend->servers.at(0).record);
  CHECK_FALSE(servers.at(1).record);
  // Another name needs another address.
  CHECK_FALSE(read("/nowhere", "  server s1 another.host.invalid:80 init-addr last\n", again.model).model);
}

TEST_CASE("a file of states without an end is none") {
  using config::ServerStateFile;
  const auto read = [](const std::string& path) { return Outside::of_process().file(path); };
  CHECK(ServerStateFile(read("/dev/zero")).fault() == ServerStateFile::Fault::no_version);
  CHECK(ServerStateFile(read("/")).fault() == ServerStateFile::Fault::no_version);
  const ServerStateFile missing(read("/nowhere/at/all"));
  CHECK(missing.fault() == ServerStateFile::Fault::not_opened);
  CHECK(missing.error() == ENOENT);
  const StateFile file("1\n\n# x\n" + line("s1", "-", 1, "-") + "too short\n");
  const ServerStateFile bad(read(file.path));
  CHECK(bad.fault() == ServerStateFile::Fault::corrupted);
  CHECK(bad.line() == 4);
  CHECK(bad.lines().empty());
}
