// What the page reads from requests: its uri's words, the password, the form.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "http/request_parser.h"
#include "stats/admin_form.h"
#include "stats/basic_auth.h"
#include "stats/page_query.h"

namespace ddbproxy::stats {

TEST_CASE("words behind the uri are found wherever they stand") {
  CHECK(read_query("/stats;csv", "/stats").view == View::csv);
  CHECK(read_query("/stats/;norefresh;csv", "/stats").view == View::csv);
  CHECK(read_query("/stats;json", "/stats").view == View::json);
  CHECK(read_query("/stats;json-schema", "/stats").view == View::json_schema);
  CHECK(read_query("/stats;typed;up", "/stats").only_up);
  CHECK(read_query("/stats;foo?stats", "/stats").view == View::html);
  CHECK(read_query("/stats;st=DONE", "/stats").outcome == "DONE");
  CHECK(read_query("/stats;up?scope=ddb_backend", "/stats").scope == "ddb_backend");
}

TEST_CASE("a scope holds nothing but letters of names, and not too many") {
  CHECK(read_query("/s?scope=a<b>", "/s").scope.empty());
  CHECK(read_query("/s?scope=ab&x=1", "/s").scope == "ab");
  CHECK(read_query("/s?scope=" + std::string(30, 'a'), "/s").scope.size() == 20);
  CHECK(read_query("/s;csv;scope=ab;up", "/s").scope == "ab");
  CHECK(read_query("/s?scope=a", "/s").scope.empty());  // as haproxy has it
}

TEST_CASE("links keep the options and lead back to them") {
  const PageQuery query = read_query("/s;up;norefresh?scope=be", "/s");
  CHECK(link("/s", query) == "/s;up;norefresh?scope=be");
  const PageQuery short_scope = read_query("/s;scope=b;up", "/s");
  CHECK(link("/s", short_scope) == "/s;up?scope=b&");
  CHECK(read_query(link("/s", short_scope), "/s").scope == "b");
}

TEST_CASE("an action leads back to the page as it was asked for, in haproxy's order") {
  model::Stats settings;
  settings.uri = "/s";
  settings.refresh = model::Milliseconds(1000);
  const auto after = [&](const char* path) { return location(settings, read_query(path, "/s"), "DONE"); };
  CHECK(after("/s") == "/s;st=DONE");
  CHECK(after("/s;norefresh;csv;up?scope=be") == "/s;st=DONE;up;norefresh?scope=be");
  CHECK(after("/s;no-maint;st=PART") == "/s;st=DONE");
  settings.refresh.reset();
  CHECK(after("/s;norefresh;up") == "/s;st=DONE;up");
}

TEST_CASE("the path of an absolute target is what stands behind the host") {}

TEST_CASE("only a right password opens the page") {
  const Accounts accounts{{"admin", "admin"}, {"guest", "a:b"}};
  const auto with = [&](const char* value) {
    http::RequestParser parser({});
    parser.feed(fmt::format("GET / HTTP/1.1\r\nAuthorization: {}\r\n\r\n", value));
    return authorized(parser.request(), accounts);
  };
  CHECK(with("Basic YWRtaW46YWRtaW4="));
  CHECK(with("basic  YWRtaW46YWRtaW4="));
  CHECK(with("Basic Z3Vlc3Q6YTpi"));
  CHECK_FALSE(with("Basic YWRtaW46eA=="));
  CHECK_FALSE(with("Basic YWRtaW46YWRtaW4x"));
  CHECK_FALSE(with("Basic !!!"));
  CHECK_FALSE(with("Basic "));
  CHECK_FALSE(with("Bearer YWRtaW46YWRtaW4="));
  CHECK_FALSE(authorized({}, accounts));
  CHECK(authorized({}, {}));
}

TEST_CASE("a form's fields may come in any order; the last of several counts, and servers are taken last first") {
  const auto form = read_form("b=%23%33&s=n1&action=ready&s=n%32&action=drain&x=y");
  REQUIRE(form);
  CHECK(form->action == "drain");
  CHECK(form->backend == "#3");
  CHECK(form->servers == std::vector<std::string>{"n2", "n1"});
}

TEST_CASE("a form that is broken changes nothing") {
  CHECK_FALSE(read_form("s=n1&action=ready&b=b%"));
  CHECK_FALSE(read_form("s=n%zz&action=ready&b=b"));
  CHECK_FALSE(read_form("&s=n1&action=ready&b=b"));
  CHECK(read_form("s=n1&&action=ready&b=b&"));
  CHECK(read_form("s=n1%00x")->servers.front() == "n1");
}

TEST_CASE("every outcome is found by its code") {
  for (Outcome outcome :
       {Outcome::done, Outcome::none, Outcome::partly, Outcome::bad_parameters, Outcome::denied, Outcome::too_large}) {
    REQUIRE(find_outcome(outcome_row(outcome).code));
    CHECK(find_outcome(outcome_row(outcome).code)->outcome == outcome);
  }
  CHECK(find_outcome("<b>") == nullptr);
}

}  // namespace ddbproxy::stats
