#include "admin/age.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::admin;

TEST_CASE("an age has its two largest units") {
  CHECK(age_text(0) == "0s");
  CHECK(age_text(59) == "59s");
  CHECK(age_text(120) == "2m");
  CHECK(age_text(633) == "10m33s");
  CHECK(age_text(86400 + 3 * 3600 + 5) == "1d3h");
}
