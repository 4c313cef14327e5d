// The file of an errorfile line is a whole response, and what is wrong with it is said as haproxy says it.
#include "config/error_file.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;

namespace {

std::string error_of(std::string_view text) {
  model::ErrorFile file;
  return config::parse_error_file(text, file);
}

}  // namespace

TEST_CASE("a response is taken apart") {
  model::ErrorFile file;
  REQUIRE(
      config::parse_error_file("HTTP/1.0 404 Gone away\r\nX-One:  1 \nConnection: close\r\n\r\nbody\n", file).empty());
  CHECK(file.status == 404);
  CHECK(file.http_1_0);
  CHECK(file.reason == "Gone away");
  REQUIRE(file.headers.size() == 1);
  CHECK(file.headers[0] == std::pair<std::string, std::string>("x-one", "1"));
  CHECK(file.body == "body\n");
}

TEST_CASE("an empty file is an answer of nothing") {
  model::ErrorFile file;
  CHECK(config::parse_error_file("", file).empty());
  CHECK(file.status == 0);
}

TEST_CASE("what is wrong with a file is said with its place") {
  CHECK(error_of("hello") == "unable to parse headers (error offset: 0)");
  CHECK(error_of("HTTP/1.1 50x x\r\n\r\n") == "unable to parse headers (error offset: 11)");
  CHECK(error_of("HTTP/1.1 503 X\r\nno colon\r\n\r\nbody") == "unable to parse headers (error offset: 18)");
  CHECK(error_of("HTTP/1.1 503 x\r\nContent-length: abc\r\n\r\n") == "unable to parse headers (error offset: 32)");
  CHECK(error_of("HTTP/1.1 503 x\r\na: b") == "unable to parse headers (error offset: -2)");
  CHECK(error_of("HTTP/1.1 103 X\r\n\r\n") == "invalid http status code for an error message (103)");
  CHECK(error_of("HTTP/1.1 503 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        "chunk-encoded payload not supported");
  CHECK(error_of("HTTP/1.1 204 x\r\n\r\nbody") == "message payload not expected");
  CHECK(error_of("HTTP/1.1 503 X\r\nContent-length: 99\r\n\r\nbody") ==
        "payload size does not match the announced content-length (4 != 99)");
}
