#include "http/weight.h"

#include <catch2/catch.hpp>

namespace ddbproxy::http {
namespace {

size_t weight_of(const char* value) {
  Request request;
  const size_t bare = weight(request);
  request.headers.push_back({"Connection", value});
  return weight(request) - bare;
}

}  // namespace

TEST_CASE("what a Connection header says of the connection itself weighs nothing") {
  CHECK(weight_of("close") == 0);
  CHECK(weight_of("KEEP-alive,Close") == 0);
  CHECK(weight_of("") == 0);
  CHECK(weight_of("closed") == 16);
  CHECK(weight_of("a,   b") == 16);
  CHECK(weight_of("keep-alive, x") == 11);
  CHECK(weight_of("a, close, b") == 13);
  CHECK(weight_of("close, a, b") == 13);
}

TEST_CASE("all other headers weigh their name and value") {
  Request request;
  const size_t bare = weight(request);
  request.headers.push_back({"Keep-Alive", "5"});
  CHECK(weight(request) == bare + 11);
}

}  // namespace ddbproxy::http
