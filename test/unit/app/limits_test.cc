#include "app/limits.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::app;

// The figures are those of haproxy 2.6.12 under the same limits.
TEST_CASE("maxconn is what the descriptors allow") {
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .hard_limit = 20000}).maxconn == 9986);
  CHECK(work_out_limits({.listeners = 2, .threads = 1, .hard_limit = 20000}).maxconn == 9987);
  CHECK(work_out_limits({.listeners = 2, .checks = 4, .threads = 2, .hard_limit = 20000}).maxconn == 9984);
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .hard_limit = 1024}).maxconn == 498);
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .hard_limit = 100}).maxconn == 100);
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .memory_mb = 100, .hard_limit = 20000}).maxconn == 2800);
}

TEST_CASE("a maxconn that is asked for says how many descriptors it needs") {
  const Limits limits =
      work_out_limits({.maxconn = 4000, .listeners = 3, .checks = 4, .threads = 2, .hard_limit = 20000});
  CHECK(limits.maxsock == 8033);
  CHECK(limits.ulimit_n == 8033);
  CHECK_FALSE(limits.chosen);
}
