// Regular expressions: groups, and what bounds them.
#include "base/regex.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

using ddbproxy::base::Regex;

namespace {

struct Match {
  explicit Match(std::string_view pattern, std::string_view text, bool begins = true)
      : text(text), found(Regex::compile(pattern)->match(text, groups, begins)) {}
  std::string_view group(size_t number) const {
    const Regex::Group& group = groups[number];
    return group.begin == Regex::Group::none ? "none" : text.substr(group.begin, group.end - group.begin);
  }
  std::string_view text;
  std::array<Regex::Group, Regex::most_groups> groups;
  bool found;
};

}  // namespace

TEST_CASE("a match has its groups") {
  const Match match("(a)|(b)(c?)", "xb");
  REQUIRE(match.found);
  CHECK(match.group(0) == "b");
  CHECK(match.group(1) == "none");
  CHECK(match.group(2) == "b");
  CHECK(match.group(3).empty());
  CHECK(match.group(9) == "none");
  CHECK_FALSE(Match("a", "b").found);
}

TEST_CASE("more groups than references reach do no harm") {
  const Match match("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "abcdefghijk");
  REQUIRE(match.found);
  CHECK(match.group(9) == "i");
  CHECK(Regex::compile("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)")->matches("abcdefghijk"));
}

TEST_CASE("the rest of a text has no beginning") {
  CHECK(Match("^a", "aa").found);
  CHECK_FALSE(Match("^a", "a", false).found);
}

TEST_CASE("an expression that explodes ends without a match") {
  const std::string text(40, 'a');
  CHECK_FALSE(Regex::compile("^(a|aa)+$")->matches(text + "b"));
  CHECK_FALSE(Regex::compile("^(([a-z])+.)+[A-Z]([a-z])+$")->matches(std::string(200, 'a')));
}

TEST_CASE("an expression that is too deep for machine code's stack is interpreted") {
  const std::string text(16000, 'a');
  CHECK(Regex::compile("^(a|b|c)*?$")->matches(text));
}
