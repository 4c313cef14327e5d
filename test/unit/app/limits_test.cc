#include "app/limits.h"

#include <catch2/catch.hpp>
#include <sys/resource.h>

using namespace ddbproxy::app;

// The figures are those of haproxy 2.6.12 under the same limits.
TEST_CASE("maxconn is what the descriptors allow") {
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .hard_limit = 20000}).maxconn == 9986);
  CHECK(work_out_limits({.listeners = 2, .threads = 1, .hard_limit = 20000}).maxconn == 9987);
  CHECK(work_out_limits({.listeners = 2, .checks = 4, .threads = 2, .hard_limit = 20000}).maxconn == 9984);
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .hard_limit = 1024}).maxconn == 498);
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .hard_limit = 100}).maxconn == 100);
  CHECK(work_out_limits({.listeners = 1, .threads = 2, .runtime_api = 0, .hard_limit = 20000}).maxconn == 9991);
  CHECK(work_out_limits({.listeners = 1, .threads = 2, .runtime_api = 3, .hard_limit = 20000}).maxconn == 9990);
  CHECK(work_out_limits({.listeners = 2, .threads = 2, .memory_mb = 100, .hard_limit = 20000}).maxconn == 2800);
}

TEST_CASE("pipes take no descriptor that a connection was promised") {
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit lowered = before;
  lowered.rlim_cur = 300;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &lowered) == 0);
  SECTION("the limit is raised for them") {
    CHECK(spare_pipes({.maxconn = 100, .maxsock = 250}) == 64);
    rlimit now{};
    getrlimit(RLIMIT_NOFILE, &now);
    CHECK(now.rlim_cur == 378);
  }
  SECTION("what nobody may raise bounds them") {
    const rlim_t beyond = rlim_t{1} << 31;  // more than fs.nr_open lets even root have
    CHECK(spare_pipes({.maxconn = 100, .maxsock = static_cast<uint32_t>(beyond)}) == 0);
    CHECK(spare_pipes({.maxconn = 400, .maxsock = static_cast<uint32_t>(beyond), .chosen = true}) == 25);
  }
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST_CASE("a maxconn that is asked for says how many descriptors it needs") {
  const Limits limits =
      work_out_limits({.maxconn = 4000, .listeners = 3, .checks = 4, .threads = 2, .hard_limit = 20000});
  CHECK(limits.maxsock == 8033);
  CHECK(limits.ulimit_n == 8033);
  CHECK_FALSE(limits.chosen);
}
