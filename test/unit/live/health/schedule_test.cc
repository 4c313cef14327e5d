#include "live/health/schedule.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace std::chrono_literals;

TEST_CASE("a check comes after inter, fastinter or downinter") {
  model::Check check;
  check.inter = 5s;
  check.rise = 2;
  check.fall = 3;
  CHECK(check_interval(check, 4, OperState::running) == 5s);
  CHECK(check_interval(check, 3, OperState::running) == 5s);
  CHECK(check_interval(check, 0, OperState::stopped) == 5s);
  check.fastinter = 1s;
  check.downinter = 20s;
  CHECK(check_interval(check, 4, OperState::running) == 5s);
  CHECK(check_interval(check, 3, OperState::running) == 1s);
  CHECK(check_interval(check, 1, OperState::stopped) == 1s);
  CHECK(check_interval(check, 0, OperState::stopped) == 20s);
}

// Recorded from haproxy 2.6.12 with a server that does not answer: the duration of a failed check.
TEST_CASE("timeout connect limits a check only where timeout check is set") {
  model::Check check;
  check.inter = 600ms;
  model::Timeouts timeouts;
  timeouts.connect = 200ms;
  CHECK(check_time_limit(check.inter, timeouts) == 600ms);
  timeouts.check = 900ms;
  CHECK(check_time_limit(check.inter, timeouts) == 200ms);
  timeouts.connect = 5s;
  timeouts.check = 100ms;
  CHECK(check_time_limit(check.inter, timeouts) == 600ms);
  timeouts.connect.reset();
  CHECK(check_time_limit(check.inter, timeouts) == 600ms);
}

TEST_CASE("first checks are spread over the shortest interval that is not very short") {
  CHECK(first_check(2s, 2s, 0ms, 0, 8) == 0ms);
  CHECK(first_check(4s, 2s, 0ms, 1, 8) == 500ms);
  CHECK(first_check(3s, 2s, 0ms, 3, 8) == 1125ms);
  CHECK(first_check(500ms, 2s, 0ms, 4, 8) == 1000ms);
  CHECK(first_check(4s, 2s, 800ms, 1, 8) == 100ms);
}

TEST_CASE("spread-checks moves an interval both ways") {
  CHECK(spread(1000ms, 0, 0.3) == 1000ms);
  CHECK(spread(1000ms, 20, 0.0) == 1200ms);
  CHECK(spread(1000ms, 20, 0.5) == 1000ms);
  CHECK(spread(1000ms, 20, 1.0) == 800ms);
}
