// Heads as they stand in the bytes of a TCP stream: what haproxy 2.6 takes for HTTP, and when it knows.
#include "http/head.h"

#include <catch2/catch.hpp>
#include <string>

namespace ddbproxy::http {
namespace {

using State = Head::State;

const std::string get = "GET / HTTP/1.1\r\n";

State state_of(std::string_view text) { return Head().read(text); }

/// Its headers, one a line.
std::string fields_of(const std::string& text) {
  Head head;
  if (head.read(text) != State::complete) return "none";
  std::string all;
  for (const Field& field : head.fields()) {
    all += std::string(field.name.of(text)) + "=" + std::string(field.value.of(text)) + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("a head knows where its parts stand, in one piece and byte by byte") {
  const std::string text = "\r\n\nPOST /a?b HTTP/1.1\r\nHost: x:1 \r\nA:\r\nContent-Length:5\n\r\nhello";
  Head whole, slow;
  CHECK(whole.read(text) == State::complete);
  for (size_t i = 1; slow.state() == State::incomplete; ++i) slow.read(std::string_view(text).substr(0, i));
  for (const Head& head : {whole, slow}) {
    CHECK(head.state() == State::complete);
    CHECK(head.size() == text.size() - 5);
    CHECK(head.method.of(text) == "POST");
    CHECK(head.target.of(text) == "/a?b");
    CHECK(head.version.of(text) == "HTTP/1.1");
    CHECK(head.content_length() == 5);
    CHECK(head.fields().size() == 3);
  }
  CHECK(fields_of(text) == "Host=x:1\nA=\nContent-Length=5\n");
  whole.clear();
  CHECK(whole.read("GET ") == State::incomplete);
  CHECK(whole.fields().empty());
}

TEST_CASE("as long as it may be HTTP, a head is incomplete") {
  const char* text = GENERATE("", "\r", "\n", "\r\n", "G", "GET", "GET ", "GET /", "GET /\r", "GET / ", "GET / H",
                              "GET / 9.9", "GET / HTTX/1.1\r\n", "GET ?", "GET /\"", "GET / HTTP/1.1\n",
                              "GET / HTTP/1.1\r\nA", "GET / HTTP/1.1\r\nA:b\r\n\r",
                              "GET / HTTP/1.1\r\nContent-length: x\r\n", "GET / HTTP/1.1\r\nHost:a\r\nHost:b\r\n");
  CAPTURE(text);
  CHECK(state_of(text) == State::incomplete);
}

TEST_CASE("the first byte that cannot be HTTP makes it wrong") {
  const char* text =
      GENERATE(" ", "\x16", ":", "\rG", "\r\r", "GE@", "a:", "GET\r", "GET\n", "GET \r", "GET \x01", "GET #",
               "GET /\x80", "GET /a#", "GET / h", "GET / HT@", "GET / a", "GET / HTTP/1.1 ", "GET / HTTP/1.1\rx",
               "GET / HTTP/1.1\r\n ", "GET / HTTP/1.1\r\n:", "GET / HTTP/1.1\r\nA ", "GET / HTTP/1.1\r\nA\r",
               "GET / HTTP/1.1\r\nA\n", "GET / HTTP/1.1\r\nA:b\rc", "GET / HTTP/1.1\r\nA:b\r\n\rx",
               "GET / HTTP/1.1\r\nContent-length: x\r\nC", "GET / HTTP/1.1\r\nHost:a\r\nHost:b\r\nC");
  CAPTURE(text);
  Head head;
  CHECK(head.read(text) == State::wrong);
  CHECK(head.begun());
  CHECK(head.size() == std::string_view(text).size());
}

TEST_CASE("versions are not looked at, and HTTP/0.9 has no headers") {
  CHECK(state_of("GET / X\r\n\r\n") == State::complete);
  CHECK(state_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == State::complete);
  Head old;
  CHECK(old.read("GET /\r\nA: b\r\n") == State::complete);
  CHECK(old.size() == 7);
  CHECK(old.version.size == 0);
  CHECK(Head(Head::Use::answer).read("GET /\r\n") == State::wrong);
  CHECK(Head(Head::Use::answer).read("GET / HTTP/11\r\n") == State::wrong);
}

TEST_CASE("a value may go on in further lines, and hold any byte but line ends") {
  CHECK(fields_of(get + "A: \r\n\tb \r\n c\r\n \r\nB: \x7f\x80\r\n\r\n") == "A=b \r\n c\nB=\x7f\x80\n");
  CHECK(state_of(get + std::string("A: b\0c\r\n\r\n", 10)) == State::complete);
}

TEST_CASE("a Host or a length that says the same again is left out, another one is wrong") {
  CHECK(fields_of(get + "Host: a\r\nhost: A\r\nB: c\r\n\r\n") == "Host=a\nB=c\n");
  CHECK(fields_of(get + "Host: a\r\nHost: b\r\n\r\n") == "none");
  CHECK(fields_of(get + "Content-Length: 001\r\nContent-Length: 1\r\n\r\n") == "Content-Length=001\n");
  CHECK(fields_of(get + "Content-Length: 01 , 1\r\n\r\n") == "Content-Length=1\n");
  CHECK(fields_of(get + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n") == "none");
  CHECK(fields_of(get + "Content-Length: 9223372036854775807\r\n\r\n") != "none");
  for (const char* wrong : {"", "1,", ",1", "1 1", "-1", "+1", "0x1", "9223372036854775808", "99999999999999999999"})
    CHECK(fields_of(get + "Content-Length: " + wrong + "\r\n\r\n") == "none");
}

TEST_CASE("codings end with chunked, and leave no length beside them") {
  CHECK(fields_of(get + "Content-Length: 4\r\nTransfer-Encoding: gzip, chunked\r\n\r\n") ==
        "Transfer-Encoding=gzip, chunked\n");
  for (const char* good : {"Chunked", " , chunked", "chunked,", "gzip\r\nTransfer-Encoding: chunked"})
    CHECK(state_of(get + "Transfer-Encoding: " + good + "\r\n\r\n") == State::complete);
  for (const char* wrong : {"", "gzip", "chunked,gzip", "chunked,chunked", "chunked;q=1", "chunkedx"})
    CHECK(state_of(get + "Transfer-Encoding: " + wrong + "\r\n\r\n") == State::wrong);
}

TEST_CASE("there may be so many headers, and the next makes it wrong at the end or when another begins") {
  const auto with = [](int count) {
    std::string text = get;
    for (int i = 0; i < count; ++i) text += "a: b\r\n";
    return text;
  };
  CHECK(state_of(with(98) + "\r\n") == State::complete);
  CHECK(state_of(with(99) + "\r\n") == State::wrong);
  CHECK(state_of(with(100)) == State::incomplete);
  CHECK(state_of(with(100) + "a") == State::wrong);
}

}  // namespace ddbproxy::http
