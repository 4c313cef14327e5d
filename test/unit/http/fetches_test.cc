// What the vocabulary says of fetches, and what streams answer.
#include "http/fetches.h"

#include <catch2/catch.hpp>

#include "sample/fetch.h"
#include "stream/evaluation.h"

using namespace ddbproxy;

TEST_CASE("A stream answers every fetch that a configuration may ask for, and no other") {
  http::add_fetches();
  for (const sample::Fetch* fetch : sample::fetches()) {
    INFO(fetch->name);
    // Nothing of TLS is known, so that it is rightly absent.
    if (fetch->name.starts_with("ssl_")) continue;
    CHECK(stream::answers(fetch->name) == sample::is_answered(*fetch));
  }
}
