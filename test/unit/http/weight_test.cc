#include "http/weight.h"

#include <catch2/catch.hpp>

#include "http/request_parser.h"

namespace ddbproxy::http {
namespace {

size_t weight_with(const std::string& headers) {
  RequestParser parser({});
  parser.feed("GET / HTTP/1.1\r\n" + headers + "\r\n");
  REQUIRE(parser.complete());
  return weight(parser.request());
}

size_t weight_of(const std::string& value) { return weight_with("Connection: " + value + "\r\n") - weight_with(""); }

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
  CHECK(weight_with("Keep-Alive: 5\r\n") == weight_with("") + 11);
}

}  // namespace ddbproxy::http
