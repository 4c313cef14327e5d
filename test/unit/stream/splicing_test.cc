// The options of either proxy decide over a flow, and one that says yes outweighs one that says no.
#include "stream/splicing.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using model::Proxy;
using model::Toggle;
using net::Splicing;

TEST_CASE("what splice-request, splice-response and splice-auto come to") {
  Proxy frontend, backend;
  const auto request = [&] { return stream::splicing(frontend, backend, &Proxy::splice_request); };
  const auto response = [&] { return stream::splicing(frontend, backend, &Proxy::splice_response); };

  CHECK(request() == Splicing::automatic);
  SECTION("one direction") {
    backend.splice_request = Toggle::on;
    CHECK(request() == Splicing::always);
    CHECK(response() == Splicing::automatic);
  }
  SECTION("not automatic") {
    frontend.splice_auto = Toggle::off;
    CHECK(request() == Splicing::never);
    backend.splice_response = Toggle::on;
    CHECK(response() == Splicing::always);
    CHECK(request() == Splicing::never);
  }
  SECTION("not one direction, unless the other proxy wants it") {
    frontend.splice_request = Toggle::off;
    CHECK(request() == Splicing::never);
    CHECK(response() == Splicing::automatic);
    backend.splice_auto = Toggle::on;
    CHECK(request() == Splicing::automatic);
  }
}
