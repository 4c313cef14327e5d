#include <catch2/catch.hpp>
#include <unistd.h>

#include <ddbproxy/parse.h>

using namespace ddbproxy;

TEST_CASE("a small configuration becomes a model") {
  const auto result = parse({{"a.cfg",
                              "global\n"
                              "  maxconn 40\n"
                              "defaults\n"
                              "  mode tcp\n"
                              "  timeout client 1m\n"
                              "  timeout connect 1s\n"
                              "  timeout server 1m\n"
                              "  option dontlognull\n"
                              "frontend f\n"
                              "  bind 127.0.0.1:8080 name door\n"
                              "  default_backend b\n"
                              "  no option dontlognull\n"
                              "backend b\n"
                              "  server s1 127.0.0.1:81 check inter 5s\n"}});
  for (const auto& d : result.diagnostics.all()) FAIL_CHECK(d.text);
  REQUIRE(result.model);
  CHECK(result.model->global.maxconn == 40);
  const auto& f = *result.model->proxies.at(0);
  CHECK(f.timeouts.client == model::Milliseconds(60000));
  CHECK(f.frontend->binds.at(0).name == "door");
  CHECK(f.frontend->default_backend_index == 1);
  CHECK_FALSE(f.log.dontlognull);
  const auto& b = *result.model->proxies.at(1);
  CHECK(b.log.dontlognull);
  CHECK(b.backend->servers.at(0).check.inter == model::Milliseconds(5000));
}

TEST_CASE("all errors come in one pass, each with its place") {
  const auto result = parse({{"a.cfg",
                              "listen l\n"
                              "  mode tcpp\n"
                              "  timeout conect 1s\n"
                              "  timeout client 1a\n"}});
  const auto& all = result.diagnostics.all();
  REQUIRE(all.size() == 5);
  CHECK_FALSE(result.model);
  CHECK(all[0].text == "parsing [a.cfg:2] : unknown proxy mode 'tcpp'.");
  CHECK(all[0].where.column == 8);
  CHECK(all[0].where.length == 4);
  CHECK(all[1].where.line == 3);
  CHECK(all[2].text == "parsing [a.cfg:4] : unexpected character 'a' in 'timeout client'");
}

TEST_CASE("proxies are numbered from 1, or from 2 beside the runtime API") {
  const auto first = [](const char* global) {
    const auto result = parse({{"a.cfg", std::string("global\n") + global + "backend b\n"}});
    return result.model ? result.model->proxies.at(0)->id : 0;
  };
  CHECK(first("") == 1);
  CHECK(first(" maxconn 100\n") == 1);
  CHECK(first(" stats timeout 3s\n") == 2);
  CHECK(first(" stats maxconn 3\n") == 2);
  CHECK(first(" stats socket /tmp/no.sock\n") == 2);
}

TEST_CASE("a model owns the files that its places point into") {
  std::shared_ptr<const ddbproxy::model::Model> model;
  std::weak_ptr<const SourceFile> file;
  {
    auto result = ddbproxy::parse({{"f.cfg", "listen l\n    bind 127.0.0.1:7999\n"}});
    REQUIRE(result.diagnostics.files().size() == 1);
    file = result.diagnostics.files()[0];
    model = result.model;
  }
  REQUIRE(model);
  REQUIRE_FALSE(file.expired());
  CHECK(model->proxies[0]->where.file_and_line() == "f.cfg:1");
}

TEST_CASE("the environment is a value: parse() changes its own and leaves that of the process alone") {
  const auto process = [] {
    std::vector<std::string> variables;
    for (char** variable = environ; variable && *variable; ++variable) variables.emplace_back(*variable);
    return variables;
  };
  const auto before = process();
  char** const where = environ;
  const auto result = parse({{"a.cfg",
                              "global\n"
                              "  setenv DDB_SET 1\n"
                              "  localpeer me\n"
                              "  resetenv DDB_SET\n"
                              "  presetenv DDB_PRESET 2\n"
                              "  unsetenv DDB_SET\n"}});
  REQUIRE(result.model);
  CHECK(result.model->environment == Environment{{"DDB_PRESET", "2"}});
  CHECK((process() == before));  // Its variables are nobody else's business: a failure shows none.
  CHECK(environ == where);
}

TEST_CASE("lines see the variables that were given, as those before them have changed them") {
  const auto result = parse({{"a.cfg",
                              "global\n"
                              "  presetenv A no\n"
                              "  setenv C \"<$A>\"\n"
                              "  localpeer me\n"
                              "  unsetenv B\n"
                              "  .if !defined(B) && defined(A)\n"
                              "    description \"$C $HAPROXY_LOCALPEER\"\n"
                              "  .endif\n"
                              "listen l\n"
                              "  timeout client 1s\n"
                              "  timeout connect 1s\n"
                              "  timeout server 1s\n"
                              "  bind \"$HOST\":80\n"
                              "  bind $HOST:81\n"}},
                            {.environment = {{"B", "2"}, {"A", "1"}, {"HOST", "127.0.0.9"}}});
  for (const auto& d : result.diagnostics.all()) FAIL_CHECK(d.text);
  REQUIRE(result.model);
  CHECK(result.model->global.description == "<1> me");
  CHECK(result.model->proxies.at(0)->frontend->binds.at(1).listeners.at(0).address == Address::ipv4(0x7f000009, 81));
  CHECK(result.model->environment ==
        Environment{{"A", "1"}, {"HOST", "127.0.0.9"}, {"HAPROXY_LOCALPEER", "me"}, {"C", "<1>"}});
}
