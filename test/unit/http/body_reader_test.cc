// Where bodies end, whole and in pieces, and framing that is refused.
#include "http/body_reader.h"

#include <catch2/catch.hpp>
#include <string>

using namespace ddbproxy::http;

namespace {

/// The data of a body that comes in pieces of so many bytes; what is left of `bytes` behind it.
std::string read(BodyReader& body, std::string& bytes, size_t at_once) {
  std::string data;
  std::string_view rest = bytes;
  while (!rest.empty() && body.state() == BodyReader::State::reading) {
    const BodyReader::Piece piece = body.take(rest.substr(0, at_once));
    data += piece.data;
    rest.remove_prefix(piece.taken);
  }
  bytes = rest;
  return data;
}

bool is_wrong(std::string bytes, size_t most = 100) {
  BodyReader body = BodyReader::chunked(most);
  read(body, bytes, 1);
  return body.state() == BodyReader::State::wrong;
}

}  // namespace

TEST_CASE("no body is complete, and so is one of no bytes") {
  CHECK(BodyReader().state() == BodyReader::State::complete);
  CHECK(BodyReader::counted(0).state() == BodyReader::State::complete);
}

TEST_CASE("what is behind a body is left alone, however it comes") {
  for (const size_t at_once : {1, 2, 3, 100}) {
    std::string bytes = "abcdeGET";
    BodyReader body = BodyReader::counted(5);
    CHECK(read(body, bytes, at_once) == "abcde");
    CHECK(body.state() == BodyReader::State::complete);
    CHECK(bytes == "GET");
    bytes = "3;x=y\r\nabc\r\n00a\n0123456789\n0\r\nTrailer: x\r\n\r\nGET";
    body = BodyReader::chunked(100);
    CHECK(read(body, bytes, at_once) == "abc0123456789");
    CHECK(body.state() == BodyReader::State::complete);
    CHECK(bytes == "GET");
  }
}

TEST_CASE("data is handed out where it stands") {
  BodyReader body = BodyReader::chunked(100);
  const std::string_view bytes = "1000\r\nab";
  const BodyReader::Piece piece = body.take(bytes);
  CHECK(piece.taken == bytes.size());
  CHECK(piece.data.data() == bytes.data() + 6);
}

TEST_CASE("chunks that are written wrongly are refused") {
  CHECK(is_wrong("x"));
  CHECK(is_wrong("\r\n"));
  CHECK(is_wrong(";x\r\n"));
  CHECK(is_wrong("1111111111111111\r\n"));
  CHECK(is_wrong("1\rx"));
  CHECK(is_wrong("1\r\nab"));
  CHECK(is_wrong("1\r\na\rb"));
  CHECK(is_wrong(std::string("1;\0", 3)));
  CHECK(is_wrong("0\r\n\rx"));
  CHECK(is_wrong("0\r\na\rx"));
}

TEST_CASE("extensions and trailers are bounded together") {
  CHECK_FALSE(is_wrong("1;xxx\r\na\r\n1;xxx\r\n", 8));
  CHECK(is_wrong("1;xxx\r\na\r\n1;xxx\r\n", 7));
  CHECK(is_wrong("1;xxx\r\na\r\n0\r\nab", 5));
}
