#include "admin/weight.h"

#include <catch2/catch.hpp>

#include "admin/age.h"

using namespace ddbproxy::admin;

TEST_CASE("a weight is absolute, or a percentage of the initial one") {
  CHECK(read_weight("10", 1, false).weight == 10);
  CHECK(read_weight("50%", 100, false).weight == 50);
  CHECK(read_weight("50%", 1, false).weight == 0);
  CHECK(read_weight("99999999999%", 1, false).weight == 256);
}

TEST_CASE("weights that are none are refused in haproxy's words") {
  CHECK(read_weight("", 1, false).error == "Require <weight> or <weight%>.\n");
  CHECK(read_weight("x", 1, false).error == "Empty weight string empty or preceded by garbage");
  CHECK(read_weight("%", 1, false).error == "Empty weight string empty or preceded by garbage");
  CHECK(read_weight("1.5", 1, false).error == "Trailing garbage in weight string");
  CHECK(read_weight("257", 1, false).error == "Absolute weight can only be between 0 and 256 inclusive.\n");
  CHECK(read_weight("-5%", 1, false).error == "Relative weight must be positive.\n");
}

TEST_CASE("an algorithm with fixed weights takes none and the initial one only") {
  CHECK(read_weight("0", 100, true).error.empty());
  CHECK(read_weight("100", 100, true).error.empty());
  CHECK(read_weight("100%", 100, true).error.empty());
  CHECK(read_weight("50", 100, true).error ==
        "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.\n");
}

TEST_CASE("an age has its two largest units") {
  CHECK(age_text(0) == "0s");
  CHECK(age_text(59) == "59s");
  CHECK(age_text(120) == "2m");
  CHECK(age_text(633) == "10m33s");
  CHECK(age_text(86400 + 3 * 3600 + 5) == "1d3h");
}
