#include "config/condition.h"

#include <catch2/catch.hpp>

#include "config/predicates.h"

using namespace ddbproxy::config;

namespace {

bool holds(std::string_view text) {
  ConditionError error;
  const auto value = evaluate(text, {{"DDB_TEST_A", ""}}, error);
  INFO(text << ": " << error.text);
  REQUIRE(value);
  return *value;
}

ConditionError error_of(std::string_view text) {
  ConditionError error;
  INFO(text);
  REQUIRE_FALSE(evaluate(text, {{"DDB_TEST_A", ""}}, error));
  return error;
}

}  // namespace

TEST_CASE("a number is true unless it is 0") {
  CHECK(holds("1"));
  CHECK(holds("-1"));
  CHECK(holds("0x1"));
  CHECK_FALSE(holds("0"));
  CHECK_FALSE(holds("0x0"));
  CHECK_FALSE(holds(""));
}

TEST_CASE("and binds closer than or; parentheses and negation") {
  CHECK(holds("1 || 0 && 0"));
  CHECK_FALSE(holds("(1 || 0) && 0"));
  CHECK(holds("!(1 && 0)"));
  CHECK(holds("! ! 1"));
  CHECK(holds("1&&1||0"));
}

TEST_CASE("predicates ask for variables, texts and versions") {
  CHECK(holds("defined(DDB_TEST_A)"));
  CHECK_FALSE(holds("defined(DDB_TEST_NONE)"));
  CHECK_FALSE(holds("defined"));
  CHECK(holds("streq(a b,\"a b\")"));
  CHECK_FALSE(holds("streq(a, a)"));
  CHECK(holds("strneq(a,b)"));
  CHECK(holds("version_atleast(2.6)"));
  CHECK(holds("version_before(2.7)"));
  CHECK(holds("feature(THREAD)"));
  CHECK_FALSE(holds("feature(no_such)"));
}

TEST_CASE("versions compare by their parts") {
  CHECK(compare_versions("2.6.12", "2.6") > 0);
  CHECK(compare_versions("2.6.12", "2.6.13") < 0);
  CHECK(compare_versions("2.6-dev3", "2.6") < 0);
  CHECK(compare_versions("2.6-rc1", "2.6-dev3") > 0);
  CHECK(compare_versions("2.6.12-1", "2.6.12") > 0);
  CHECK(compare_versions("2.6.12-1+deb12u4", "2.6.12") == 0);
}

TEST_CASE("what is no condition is refused with its place, as haproxy words it") {
  CHECK(error_of("bad").text == "unparsable conditional expression 'bad'");
  CHECK(error_of("1 || x").text == "unparsable conditional expression 'x'");
  CHECK(error_of("1 || x").at == 5);
  CHECK(error_of("1 ||").text == "unparsable conditional expression '1 ||'");
  CHECK(error_of("1 && ").text == "unparsable conditional expression '&& '");
  CHECK(error_of("()").text == "unparsable conditional expression ')'");
  CHECK(error_of("!(").text == "unparsable conditional expression '!('");
  CHECK(error_of("(1").text == "expected ')' after conditional expression '(1'");
  CHECK(error_of("1 2").text == "unexpected character '2' at the end of conditional expression '1 2'");
  CHECK(error_of("streq(a)").text ==
        "missing arguments (got 1/2), type 'string' expected in argument 1 of predicate 'streq' used in conditional "
        "expression");
  CHECK(error_of("defined(a,b)").text ==
        "expected ')' before ',b)' in argument 1 of predicate 'defined' used in conditional expression");
  CHECK(error_of("enabled(POLL)").text == "unparsable conditional expression 'enabled(POLL)'");
}

TEST_CASE("a condition nests only so deep") {
  const auto nested = [](int depth) { return std::string(depth, '(') + "1" + std::string(depth, ')'); };
  CHECK(holds(nested(340)));
  CHECK(error_of(nested(341)).text.starts_with("unparsable conditional sub-expression '1)"));
}
