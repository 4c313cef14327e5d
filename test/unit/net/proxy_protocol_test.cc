// The PROXY header is read as haproxy 2.6 reads it, and what is written can be read back.
#include "net/proxy_protocol.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using namespace std::string_view_literals;
using Outcome = net::ProxyHeaderOutcome;

namespace {

Outcome outcome_of(std::string_view data) { return net::parse_proxy_header(data).outcome; }

constexpr std::string_view signature = "\r\n\r\n\0\r\nQUIT\n"sv;

std::string v2(std::string_view rest) { return std::string(signature).append(rest); }

}  // namespace

TEST_CASE("a version 1 header names both ends and leaves the data behind it") {
  const std::string_view data = "PROXY TCP4 1.2.3.4 5.6.7.8 1000 2000\r\nhello";
  const net::ProxyHeader header = net::parse_proxy_header(data);
  REQUIRE(header.outcome == Outcome::addressed);
  CHECK(header.source.text() == "1.2.3.4:1000");
  CHECK(header.destination.text() == "5.6.7.8:2000");
  CHECK(data.substr(header.length) == "hello");
}

TEST_CASE("version 1 over IPv6") {
  const net::ProxyHeader header = net::parse_proxy_header("PROXY TCP6 ::1 2001:db8::1 1 65535\r\n");
  REQUIRE(header.outcome == Outcome::addressed);
  CHECK(header.source.text() == "[::1]:1");
  CHECK(header.destination.text() == "[2001:db8::1]:65535");
}

TEST_CASE("an unknown source keeps the connection's own addresses") {
  const net::ProxyHeader header = net::parse_proxy_header("PROXY UNKNOWN\r\nhello");
  CHECK(header.outcome == Outcome::local);
  CHECK(header.length == 15);
}

TEST_CASE("bad version 1 headers, each with the reason that haproxy logs") {
  const auto [data, outcome] = GENERATE(table<std::string_view, Outcome>({
      {"", Outcome::truncated},
      {"P", Outcome::truncated},
      {"hello", Outcome::truncated},
      {"PROXY TCP4 1.2", Outcome::truncated},
      {"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r", Outcome::truncated},
      {"PROXY TCP4 111111111111111111111111111111111111111111111111111", Outcome::truncated},
      {"hello world, this is no proxy header\r\n", Outcome::foreign},
      {"proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n", Outcome::foreign},
      {"PROXY TCP4 1.2.3.4 5.6.7.8 1000\r\n", Outcome::invalid},
      {"PROXY TCP4 1.2.3.4 5.6.7.8 1 2 junk\r\n", Outcome::invalid},
      {"PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n", Outcome::invalid},
      {"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\nhello", Outcome::invalid},
      {"PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n", Outcome::invalid},
      {"PROXY TCP4 1.2.3.4 5.6.7.8 1x 2\r\n", Outcome::invalid},
      {"PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n", Outcome::invalid},
      {"PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n", Outcome::invalid},
      {"PROXY TCP4 1.2.3.456 5.6.7.8 1 2\r\n", Outcome::invalid},
      {"PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n", Outcome::invalid},
      {"PROXY TCP4 1.2.3.4\0 5.6.7.8 1 2\r\n"sv, Outcome::invalid},
      {"PROXY TCP4 1.2.3.4 5.6.7.8\0 1 2\r\n"sv, Outcome::invalid},
      {"PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", Outcome::unhandled},
      {"PROXY UNKNOWN 1.2.3.4\r\n", Outcome::unhandled},
      {"PROXY UNKNOWNX\r\n", Outcome::unhandled},
      {"PROXY \r\nhello", Outcome::unhandled},
  }));
  CAPTURE(data);
  CHECK(outcome_of(data) == outcome);
}

TEST_CASE("a version 2 header with fields behind the addresses") {
  const std::string data = v2("\x21\x11\0\x12\1\2\3\4\5\6\7\x8\x03\xe8\x07\xd0\x04\0\3abchello"sv);
  const net::ProxyHeader header = net::parse_proxy_header(data);
  REQUIRE(header.outcome == Outcome::addressed);
  CHECK(header.source.text() == "1.2.3.4:1000");
  CHECK(header.destination.text() == "5.6.7.8:2000");
  CHECK(data.substr(header.length) == "hello");
}

TEST_CASE("version 2 LOCAL keeps the connection's own addresses, whatever follows") {
  CHECK(outcome_of(v2("\x20\x00\0\0hello"sv)) == Outcome::local);
  CHECK(outcome_of(v2("\x20\x31\0\4abcd"sv)) == Outcome::local);
}

TEST_CASE("bad version 2 headers, each with the reason that haproxy logs") {
  CHECK(outcome_of(signature.substr(0, 8)) == Outcome::truncated);
  CHECK(outcome_of(v2("\x21"sv)) == Outcome::truncated);
  CHECK(outcome_of(v2("\x21\x11\0\x0c"sv)) == Outcome::truncated);
  CHECK(outcome_of(v2("\x21\x11\x7f\xff\1\2\3\4\5\6\7\x8\0\1\0\2"sv)) == Outcome::truncated);
  CHECK(outcome_of(v2("\x11\x11\0\x0c\1\2\3\4\5\6\7\x8\0\1\0\2"sv)) == Outcome::foreign);
  CHECK(outcome_of(v2("\x2f\x11\0\x0c\1\2\3\4\5\6\7\x8\0\1\0\2"sv)) == Outcome::invalid);
  CHECK(outcome_of(v2("\x21\x12\0\x0c\1\2\3\4\5\6\7\x8\0\1\0\2"sv)) == Outcome::invalid);
  CHECK(outcome_of(v2("\x21\x11\0\4abcd"sv)) == Outcome::invalid);
  CHECK(outcome_of(v2("\x21\x00\0\4abcd"sv)) == Outcome::invalid);
  CHECK(outcome_of(v2("\x21\x11\0\x12\1\2\3\4\5\6\7\x8\0\1\0\2\4\0\xff"
                      "abc"sv)) == Outcome::invalid);
}

TEST_CASE("a checksum of version 2 must be right, and no byte may be left over") {
  const std::string good = v2("\x21\x11\0\x13\1\2\3\4\5\6\7\x8\0\1\0\2\3\0\4\x65\xa6\x0e\x1e"sv);
  CHECK(outcome_of(good) == Outcome::addressed);
  std::string bad = good;
  bad.back() ^= 1;
  CHECK(outcome_of(bad) == Outcome::invalid);
  CHECK(outcome_of(v2("\x21\x11\0\x12\1\2\3\4\5\6\7\x8\0\1\0\2\3\0\3"
                      "abc"sv)) == Outcome::invalid);
  CHECK(outcome_of(v2("\x21\x11\0\xd\1\2\3\4\5\6\7\x8\0\1\0\2\4"sv)) == Outcome::invalid);
  CHECK(outcome_of(v2("\x21\x11\0\xe\1\2\3\4\5\6\7\x8\0\1\0\2\4\0"sv)) == Outcome::invalid);
}

TEST_CASE("headers that are written can be read back") {
  Address four = Address::parse_ip("10.0.0.1"), six = Address::parse_ip("2001:db8::7");
  four.set_port(1234);
  six.set_port(80);
  for (const Address& address : {four, six}) {
    for (const std::string& text : {net::proxy_header_v1(address, address), net::proxy_header_v2(address, address)}) {
      const net::ProxyHeader header = net::parse_proxy_header(text);
      REQUIRE(header.outcome == Outcome::addressed);
      CHECK(header.length == text.size());
      CHECK(header.source == address);
      CHECK(header.destination == address);
    }
  }
  CHECK(net::proxy_header_v1(four, four) == "PROXY TCP4 10.0.0.1 10.0.0.1 1234 1234\r\n");
}

TEST_CASE("a client without an IP address is announced as unknown") {
  const Address local = Address::unix_path("/x");
  CHECK(net::proxy_header_v1(local, local) == "PROXY UNKNOWN\r\n");
  CHECK(net::proxy_header_v2(local, local) == v2("\x20\0\0\0"sv));
}

TEST_CASE("addresses of two families go as IPv6 in version 2") {
  Address four = Address::parse_ip("10.0.0.1"), six = Address::parse_ip("::1");
  const net::ProxyHeader header = net::parse_proxy_header(net::proxy_header_v2(four, six));
  REQUIRE(header.outcome == Outcome::addressed);
  CHECK(header.source.host() == "::ffff:10.0.0.1");
}
