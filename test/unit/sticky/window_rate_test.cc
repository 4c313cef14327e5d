#include "sticky/window_rate.h"

#include <catch2/catch.hpp>

using ddbproxy::sticky::WindowRate;

TEST_CASE("a rate mixes the last period with the current one") {
  WindowRate rate;
  rate.add(100000, 1000, 10);
  CHECK(rate.read(100000, 1000) == 10);
  CHECK(rate.read(100999, 1000) == 10);
  CHECK(rate.read(101500, 1000) == 5);
  rate.add(101500, 1000, 2);
  CHECK(rate.read(101500, 1000) == 7);
  CHECK(rate.read(101900, 1000) == 3);
  CHECK(rate.read(104000, 1000) == 0);
}

TEST_CASE("a single event counts until its time is up") {
  WindowRate rate;
  rate.add(100000, 1000, 1);
  CHECK(rate.read(101900, 1000) == 1);
  CHECK(rate.read(102001, 1000) == 0);
}

TEST_CASE("the clock's 32 bits may begin anew") {
  WindowRate rate;
  rate.add(0xffffff00u, 1000, 4);
  CHECK(rate.read(0x00000010u, 1000) == 4);
  rate.set(5, 9);
  CHECK(rate.read(5, 1000) == 9);
}
