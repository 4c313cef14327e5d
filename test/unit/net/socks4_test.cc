// What a SOCKS4 proxy is asked for, and which answers grant it.
#include "net/socks4.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using namespace std::string_literals;

TEST_CASE("a SOCKS4 proxy is asked for the server's address in the name of HAProxy") {
  CHECK(net::socks4_request(Address::ipv4(0x01020304, 8848)) == "\x04\x01\x22\x90\x01\x02\x03\x04HAProxy\0"s);
}

TEST_CASE("of an address that has no room in SOCKS4 what fits is told") {
  const unsigned char bytes[16] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 9, 8, 7, 6};
  CHECK(net::socks4_request(Address::ipv6(bytes, 1)) == "\x04\x01\0\x01\x09\x08\x07\x06HAProxy\0"s);
  CHECK(net::socks4_request(Address::unix_path("/run/x")) == "\x04\x01\0\0\0\0\0\0HAProxy\0"s);
}

TEST_CASE("only the code of a SOCKS4 proxy's answer counts, once it is whole") {
  CHECK(net::grants_socks4("\0\x5a\0\0\0\0\0\0"s));
  CHECK(net::grants_socks4("\x04\x5aignored"s.substr(0, 8)));
  CHECK_FALSE(net::grants_socks4("\0\x5b\0\0\0\0\0\0"s));
  CHECK_FALSE(net::grants_socks4("\0\x5a\0\0\0\0\0"s));
}
