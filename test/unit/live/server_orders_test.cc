#include "live/server_orders.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::live;

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

TEST_CASE("a limit of connections is a whole number") {
  CHECK(read_maxconn("30").maxconn == 30);
  CHECK(read_maxconn("-3").maxconn == 4294967293);
  CHECK(read_maxconn("").error == "Require <maxconn>.\n");
  CHECK(read_maxconn("x").error == "maxconn string empty or preceded by garbage");
  CHECK(read_maxconn("1.5").error == "Trailing garbage in maxconn string");
}
