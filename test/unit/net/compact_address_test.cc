// What the short form of an address keeps.
#include "net/compact_address.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;

TEST_CASE("an IP address survives its short form") {
  for (const char* host : {"127.0.0.1", "2001:db8::1"}) {
    Address address = Address::parse_ip(host);
    address.set_port(8080);
    CHECK(net::CompactAddress(address).expand() == address);
  }
}

TEST_CASE("of other addresses the family is kept") {
  CHECK(net::CompactAddress(Address::unix_path("/x")).expand().is_unix());
  CHECK(net::CompactAddress(Address()).empty());
}
