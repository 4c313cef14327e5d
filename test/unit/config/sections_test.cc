#include <catch2/catch.hpp>

#include <ddbproxy/parse.h>

using namespace ddbproxy;

namespace {

ParseResult read(std::string text) { return parse({{"a.cfg", std::move(text)}}, {.resolve_names = false}); }

}  // namespace

TEST_CASE("a name given twice is reported at the second, with a note at the first") {
  const auto result = read("frontend f\n bind :20001\n  frontend   f\n");
  const auto& first = result.diagnostics.all().at(0);
  CHECK(first.text == "Parsing [a.cfg:3]: frontend 'f' has the same name as frontend 'f' declared at a.cfg:1.");
  CHECK(first.where.line == 3);
  CHECK(first.where.column == 14);
  REQUIRE(first.notes.size() == 1);
  CHECK(first.notes[0].where.line == 1);
  CHECK(first.notes[0].where.column == 10);
  CHECK(first.notes[0].text == "first defined here");
}

TEST_CASE("an unknown keyword has its place and a suggestion") {
  const auto result = read("global\n   maxcon 4\n");
  const auto& first = result.diagnostics.all().at(0);
  CHECK(first.text ==
        "parsing [a.cfg:2] : unknown keyword 'maxcon' in 'global' section; did you mean 'maxconn' maybe ?");
  CHECK(first.suggestion == "maxconn");
  CHECK(first.where.column == 4);
  CHECK(first.where.length == 6);
}

TEST_CASE("a misspelt section has a suggestion beside haproxy's words") {
  const auto result = read("listn x\n");
  CHECK(result.diagnostics.all().at(0).text == "parsing [a.cfg:1]: unknown keyword 'listn' out of section.");
  CHECK(result.diagnostics.all().at(0).suggestion == "listen");
}

TEST_CASE("each section begins as a copy of the defaults it names, or of the last ones") {
  const auto result = read(
      "defaults a\n timeout client 1s\n"
      "defaults b from a\n timeout connect 2s\n"
      "defaults\n timeout client 3s\n"
      "frontend one from b\nfrontend two\nbackend three from b\n");
  REQUIRE(result.model);
  const auto& proxies = result.model->proxies;
  CHECK(proxies.at(0)->timeouts.client == model::Milliseconds(1000));
  CHECK(proxies.at(1)->timeouts.client == model::Milliseconds(3000));
  CHECK(proxies.at(2)->timeouts.connect == model::Milliseconds(2000));
  CHECK_FALSE(proxies.at(0)->backend);
  CHECK_FALSE(proxies.at(2)->frontend);
}

TEST_CASE("a section ends with its file, the last defaults do not") {
  const auto result =
      parse({{"a.cfg", "defaults\n timeout client 1s\nfrontend f\n"}, {"b.cfg", " bind :20001\nfrontend g\n"}});
  const auto& all = result.diagnostics.all();
  CHECK(all.at(0).text == "parsing [b.cfg:1]: unknown keyword 'bind' out of section.");
  CHECK(all.at(1).text == "Error(s) found in configuration file : b.cfg");
}

TEST_CASE("an alert that haproxy goes on after leaves the configuration valid") {
  const auto result = read("defaults a\nbackend x from a\nbackend y\n");
  REQUIRE(result.diagnostics.all().size() >= 1);
  CHECK(result.diagnostics.all()[0].severity == Severity::alert);
  CHECK(result.diagnostics.all()[0].tolerated);
  CHECK(result.model);
}

TEST_CASE("a section of haproxy's that is not carried out yet is one error, and its lines are none") {
  const auto result = read("cache r\n format raw\n maxlen 10\nglobal\n");
  const auto& all = result.diagnostics.all();
  REQUIRE(all.size() == 3);
  CHECK(all[0].text == "parsing [a.cfg:1] : section 'cache' is not supported by ddbproxy yet.");
}

TEST_CASE("two sections of resolvers with one name end the reading") {
  const auto result = read("resolvers r\n nameserver n 127.0.0.1:53\nresolvers r\nfoo\n");
  const auto& all = result.diagnostics.all();
  REQUIRE(all.size() == 2);  // haproxy adds that it is out of memory, which it is not
  CHECK(all[0].text == "Parsing [a.cfg:3]: resolvers 'r' has same name as another resolvers (declared at a.cfg:1).");
  REQUIRE(all[0].notes.size() == 1);
  CHECK(all[0].notes[0].where.line == 1);
}

TEST_CASE("reading ends after the fiftieth wrong line") {
  std::string text = "global\n";
  for (int i = 0; i < 60; ++i) text += " foo\n";
  const auto result = read(text);
  REQUIRE(result.diagnostics.all().size() == 53);
  CHECK(result.diagnostics.all()[50].text == "parsing [a.cfg:52]: too many fatal errors (50), stopping now.");
}

TEST_CASE("a condition of -cc has its value or its reason") {
  std::string error;
  CHECK(evaluate_condition("version_atleast(2.6) && !streq(\"a\",b)", error) == 1);
  CHECK(evaluate_condition("0", error) == 0);
  CHECK(evaluate_condition("defined(A) && streq(\"$A\",1)", error, {{"A", "1"}}) == 1);
  CHECK(evaluate_condition("bad(1)", error) == -1);
  CHECK(error == "Failed to evaluate condition: unparsable conditional expression 'bad(1)'");
  CHECK(evaluate_condition("1 && ", error) == -1);
  CHECK(error == "Failed to evaluate condition: unparsable conditional expression '&& '");
  CHECK(evaluate_condition("\"1", error) == -1);
  CHECK(error == "Syntax Error in condition: Unmatched quote.");
}

TEST_CASE("a word of another section is told where it belongs") {
  const auto hint = [](const char* text) { return read(text).diagnostics.all().at(0).hint; };
  CHECK(hint("global\n server a 127.0.0.1:80\n") == "'server' stands in listen and backend sections");
  CHECK(hint("global\n timeout client 1s\n") == "'timeout' stands in defaults, frontend, listen and backend sections");
  CHECK(hint("defaults\n daemon\n") == "'daemon' stands in the section global");
  CHECK(hint("defaults\n xyzzy\n").empty());
}
