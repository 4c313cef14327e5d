// The header of a NetScaler is read as haproxy 2.6 reads it, and never past the bytes that came.
#include "net/netscaler_header.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using namespace std::string_literals;
using Outcome = net::NetscalerOutcome;

namespace {

constexpr uint32_t magic = 0x01020304;
const std::string ipv4 = "\x45\0\0\x28\0\0\0\0\x40\x06\0\0\x01\x02\x03\x04\x05\x06\x07\x08"s;
const std::string tcp = "\x04\x57\x08\xae"s + std::string(16, '\0');
const std::string legacy = "\x01\x02\x03\x04\0\0\0\x28"s + ipv4 + tcp;
const std::string standard = "\x01\x02\x03\x04\0\0\0\x28\0\0\0\x28"s + ipv4 + tcp;

net::NetscalerHeader parse(std::string_view data) { return net::parse_netscaler_header(data, magic); }

}  // namespace

TEST_CASE("both forms of a NetScaler's header name both ends") {
  const std::string& whole = GENERATE(legacy, standard);
  const net::NetscalerHeader header = parse(whole + "data");
  REQUIRE(header.outcome == Outcome::addressed);
  CHECK(header.length == whole.size());
  CHECK(header.source.text() == "1.2.3.4:1111");
  CHECK(header.destination.text() == "5.6.7.8:2222");
}

TEST_CASE("a NetScaler's header that does not stand whole in the first bytes") {
  const std::string& whole = GENERATE(legacy, standard);
  for (size_t size = 0; size < whole.size(); ++size)
    CHECK(parse(whole.substr(0, size)).outcome == (size < 40 ? Outcome::truncated : Outcome::cut_off));
}

TEST_CASE("ports that an IP header puts behind what came are not read") {
  std::string data = legacy;
  data[7] = 0;
  data[8] = 0x4f;
  CHECK(parse(data).outcome == Outcome::truncated);
  CHECK(parse(data + std::string(24, 'x')).outcome == Outcome::addressed);
}

TEST_CASE("every failure of a NetScaler's header has words") {
  for (const Outcome outcome : {Outcome::cut_off, Outcome::truncated, Outcome::bad_magic, Outcome::unhandled})
    CHECK_FALSE(net::netscaler_header_error(outcome).empty());
  CHECK(net::netscaler_header_error(Outcome::addressed).empty());
}
