#include "http/request_parser.h"

#include <catch2/catch.hpp>

namespace ddbproxy::http {
namespace {

RequestParser parse(const std::string& text, RequestParser::Limits limits = {}) {
  RequestParser parser(limits);
  parser.feed(text);
  return parser;
}

const std::string get = "GET /stats HTTP/1.1\r\nHost: x\r\n";
const std::string post = "POST /stats HTTP/1.1\r\nHost: x\r\n";

}  // namespace

TEST_CASE("a request is read the same in one piece and byte by byte") {
  const std::string text = post + "X-A:  b c \r\nContent-Length: 5\r\n\r\nhello";
  RequestParser slow({});
  for (char c : text) CHECK(slow.feed({&c, 1}) == 1);
  for (const RequestParser& parser : {parse(text), slow}) {
    REQUIRE(parser.complete());
    CHECK(parser.request().method() == "POST");
    CHECK(parser.request().target() == "/stats");
    CHECK(parser.request().version() == "HTTP/1.1");
    REQUIRE(parser.request().head.fields().size() == 3);
    CHECK(*parser.request().header("x-a") == "b c");
    CHECK(parser.request().header("x-b") == std::nullopt);
    CHECK(parser.request().body == "hello");
    CHECK(parser.keep_alive());
  }
}

TEST_CASE("reading stops behind a request, and goes on with the next one") {
  const std::string two = get + "\r\n" + "\r\n" + "HEAD / HTTP/1.0\r\n\r\n";
  RequestParser parser({});
  const size_t first = parser.feed(two);
  REQUIRE(parser.complete());
  CHECK(first == get.size() + 2);
  parser.reset();
  CHECK_FALSE(parser.begun());
  CHECK(first + parser.feed(two.substr(first)) == two.size());
  REQUIRE(parser.complete());
  CHECK(parser.request().method() == "HEAD");
  CHECK(parser.http_1_0());
  CHECK_FALSE(parser.keep_alive());
}

TEST_CASE("what haproxy takes as a request") {
  const char* text =
      GENERATE("GET / HTTP/1.1\n\n", "\r\n\r\nGET / HTTP/1.1\r\n\r\n", "GET  /  HTTP/1.1\r\n\r\n",
               "get / HTTP/1.2\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n",
               "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n",
               "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\r\nA: b\xff\x01\r\n\r\n",
               "GET / HTTP/1.1\r\nA:\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: 0, 0\r\n\r\n");
  CAPTURE(text);
  CHECK(parse(text).complete());
}

TEST_CASE("what haproxy refuses with 400") {
  const char* text = GENERATE(
      "GET /\r\n", "GET / HTTP/1.1 \r\n", "GET / x HTTP/1.1\r\n", "GET / HTTP/1\r\n", "GET / http/1.1\r\n", "G@T /",
      " GET /", "\r\rGET", "hello\r\n", "\x16\x03\x01\x02", "GET /\xe4", "GET /\x01", "GET /a#b ",
      "GET / HTTP/1.1\r\nA b: c", "GET / HTTP/1.1\r\nA : c", "GET / HTTP/1.1\r\nAbc\r\n", "GET / HTTP/1.1\r\n: c",
      "GET / HTTP/1.1\r\nA: b\rc", "GET / HTTP/1.1\r\n A: b\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: \r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz",
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1111111111111111\r\n");
  CAPTURE(text);
  const RequestParser parser = parse(text);
  REQUIRE(parser.failed());
  CHECK(parser.error_status() == 400);
}

TEST_CASE("a header that goes on in further lines has blanks instead of their ends") {
  CHECK(parse(get + "A: b\r\n\tc\n d \r\n\r\n").request().header("a") == "b  \tc  d");
}

TEST_CASE("a zero byte in a header is refused, although haproxy lets it through") {
  CHECK(parse(get + std::string("A: b\0c", 6)).failed());
}

TEST_CASE("a body that cannot be delimited has statuses of its own") {
  CHECK(parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").error_status() == 413);
  CHECK(parse(post + "Transfer-Encoding: gzip, chunked\r\n\r\n").error_status() == 422);
}

TEST_CASE("chunks are put together; extensions and trailers are dropped") {
  const RequestParser parser =
      parse(post + "Transfer-Encoding: Chunked\r\n\r\n3;name=value\r\nabc\r\n00a\r\n0123456789\r\n0\r\nT: x\r\n\r\n");
  REQUIRE(parser.complete());
  CHECK(parser.request().body == "abc0123456789");
  CHECK(parser.keep_alive());
}

TEST_CASE("a length beside chunks ends the connection, whatever the client asks") {
  const RequestParser parser =
      parse(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n");
  REQUIRE(parser.complete());
  CHECK_FALSE(parser.keep_alive());
}

TEST_CASE("the connection header decides whether another request may follow") {
  CHECK_FALSE(parse(get + "Connection: foo, Close\r\n\r\n").keep_alive());
  CHECK(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive());
  CHECK_FALSE(parse("GET / HTTP/1.0\r\n\r\n").keep_alive());
}

TEST_CASE("100-continue counts only for a body still to come") {
  CHECK(parse(post + "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n").expects_continue());
  CHECK_FALSE(parse(post + "Expect: 100-continue\r\n\r\n").expects_continue());
  CHECK_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n").expects_continue());
}

TEST_CASE("a head beyond the limits is refused as soon as it is too long") {
  RequestParser parser({.head = 100});
  const std::string endless(1000, 'a');
  parser.feed("GET /");
  CHECK(parser.feed(endless) == 96);
  CHECK(parser.error_status() == 400);
  CHECK(parse(get + "A: b\r\n\r\n", {.headers = 2}).complete());
  CHECK(parse(get + "A: b\r\nB: c\r\n\r\n", {.headers = 2}).failed());
}

TEST_CASE("a body beyond the limit is read past, not kept") {
  RequestParser parser({.body = 10});
  parser.feed(post + "Content-Length: 20\r\n\r\n0123456789");
  CHECK(parser.request().body.size() == 10);
  parser.feed("0");
  CHECK(parser.request().body_truncated);
  CHECK(parser.request().body.empty());
  CHECK_FALSE(parser.complete());
  CHECK(parser.feed("123456789GET") == 9);
  CHECK(parser.complete());
}

TEST_CASE("endless trailers and chunk extensions are bounded too") {
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(parse(chunked + "1;" + std::string(1000, 'x'), {.head = 500}).failed());
  CHECK(parse(chunked + "0\r\n" + std::string(1000, 'x'), {.head = 500}).failed());
}

}  // namespace ddbproxy::http
