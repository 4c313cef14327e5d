// Conditions of predefined ACLs.
#include "model/condition.h"

#include <catch2/catch.hpp>

#include "sample/predefined_acl.h"

using namespace ddbproxy;
using model::Condition;

namespace {

bool holds(std::vector<std::vector<Condition::Term>> any_of, const sample::StreamFacts& facts = {},
           bool negated = false) {
  return model::holds({.negated = negated, .any_of = std::move(any_of)}, facts);
}

bool acl(std::string_view name, const sample::StreamFacts& facts) { return holds({{{std::string(name)}}}, facts); }

}  // namespace

TEST_CASE("words beside each other must all hold, and one side of an or suffices") {
  CHECK(holds({{{"TRUE"}}}));
  CHECK_FALSE(holds({{{"TRUE"}, {"FALSE"}}}));
  CHECK(holds({{{"TRUE"}, {"FALSE", true}}}));
  CHECK(holds({{{"FALSE"}}, {{"TRUE"}}}));
  CHECK_FALSE(holds({{{"FALSE"}}, {{"TRUE", true}}}));
}

TEST_CASE("unless turns the whole around") {
  CHECK_FALSE(holds({{{"TRUE"}}}, {}, true));
  CHECK(holds({{{"FALSE"}}}, {}, true));
}

TEST_CASE("LOCALHOST is 127.0.0.0/8 and ::1") {
  sample::StreamFacts facts;
  CHECK_FALSE(acl("LOCALHOST", facts));
  for (const char* near : {"127.0.0.1", "127.255.0.9", "::1"}) {
    facts.client = Address::parse_ip(near);
    CHECK(acl("LOCALHOST", facts));
  }
  for (const char* far : {"128.0.0.1", "10.0.0.1", "::2", "fe80::1"}) {
    facts.client = Address::parse_ip(far);
    CHECK_FALSE(acl("LOCALHOST", facts));
  }
}

TEST_CASE("what looks at a request does not hold without one") {
  sample::StreamFacts facts;
  CHECK_FALSE(acl("METH_GET", facts));
  const sample::HttpFacts head{.method = "HEAD", .uri = "http://h/", .version = "HTTP/1.0"};
  facts.http = &head;
  CHECK(acl("METH_GET", facts));
  CHECK(acl("METH_HEAD", facts));
  CHECK_FALSE(acl("METH_POST", facts));
  CHECK(acl("HTTP_1.0", facts));
  CHECK(acl("HTTP_URL_ABS", facts));
  CHECK_FALSE(acl("HTTP_URL_SLASH", facts));
}

TEST_CASE("an ACL that is not supported yet has a row that says so") {
  const sample::PredefinedAcl* row = sample::find_predefined_acl("WAIT_END");
  REQUIRE(row);
  CHECK_FALSE(row->holds);
  CHECK_FALSE(sample::find_predefined_acl("LOCAL"));
}
