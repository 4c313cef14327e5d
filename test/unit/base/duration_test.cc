#include "base/duration.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::base;
using namespace std::chrono_literals;

TEST_CASE("a time is a number with an optional unit") {
  CHECK(parse_duration("10s", 1ms).value == 10s);
  CHECK(parse_duration("10", 1ms).value == 10ms);
  CHECK(parse_duration("1m", 1ms).value == 60s);
  CHECK(parse_duration("500us", 1ms).outcome == DurationReading::Outcome::underflow);
  CHECK(parse_duration("60d", 1ms).outcome == DurationReading::Outcome::overflow);
}

TEST_CASE("a bad time says at which character") {
  const auto reading = parse_duration("10sx", 1ms);
  CHECK(reading.outcome == DurationReading::Outcome::bad_character);
  CHECK(reading.bad_at == 3);
  CHECK(parse_duration("abc", 1ms).bad_at == 0);
}
