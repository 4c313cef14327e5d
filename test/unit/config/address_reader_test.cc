#include "config/address_reader.h"

#include <catch2/catch.hpp>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using ddbproxy::Address;
using ddbproxy::config::AddressRules;

namespace {

constexpr AddressRules bind_rules{.port_required = true, .port_range = true, .descriptor = true};
constexpr AddressRules server_rules{.port_offset = true, .resolve = false, .keep_name = true};

const ddbproxy::Environment environment{
    {"DDB_HOST", "127.0.0.1"}, {"DDB_PORTS", "81-83"}, {"DDB_PATH", "unix@/run/x"}, {"DDB_DOLLAR", "$DDB_HOST"}};

auto read_address(std::string_view text, const AddressRules& rules) {
  return ddbproxy::config::read_address(text, rules, environment, ddbproxy::Outside::of_process());
}

std::string address_of(const char* text, const AddressRules& rules) {
  const auto reading = read_address(text, rules);
  return reading ? reading.address.text() : reading.error;
}

}  // namespace

TEST_CASE("an IP address and its port follow the last colon") {
  CHECK(address_of("127.0.0.1:80", bind_rules) == "127.0.0.1:80");
  CHECK(address_of("*:80", bind_rules) == "0.0.0.0:80");
  CHECK(address_of(":80", bind_rules) == "0.0.0.0:80");
  CHECK(address_of(":::80", bind_rules) == "[::]:80");
  CHECK(address_of("::1:80", bind_rules) == "[::1]:80");
  CHECK(address_of("[::1]:80", bind_rules) == "[::1]:80");
  CHECK(address_of("ipv6@:80", bind_rules) == "[::]:80");
  CHECK(address_of("tcp4@127.0.0.1:80", bind_rules) == "127.0.0.1:80");
  CHECK(address_of("stream+ipv4@127.0.0.1:80", bind_rules) == "127.0.0.1:80");
  CHECK(address_of("*:80x", bind_rules) == "0.0.0.0:80");
}

TEST_CASE("a range keeps its first and its last port") {
  const auto reading = read_address("*:8000-8010", bind_rules);
  CHECK(reading.port == 8000);
  CHECK(reading.last_port == 8010);
}

TEST_CASE("what a bind line cannot take is refused in haproxy's words") {
  CHECK(address_of("127.0.0.1", bind_rules) == "missing port specification in '127.0.0.1'");
  CHECK(address_of("*:", bind_rules) == "missing port specification in '*:'");
  CHECK(address_of("[::1]", bind_rules) == "missing port specification in '[::1]'");
  CHECK(address_of("*:0", bind_rules) == "invalid port '0'");
  CHECK(address_of("*:1-70000", bind_rules) == "invalid port '70000'");
  CHECK(address_of("*:80-", bind_rules) == "invalid port ''");
  CHECK(address_of("*:80-70", bind_rules) == "invalid port range '80-70'");
  CHECK(address_of("*:+5", bind_rules) == "port offset not permitted here in '*:+5'");
  CHECK(address_of("*:x", bind_rules) == "invalid character 'x' in port number 'x' in '*:x'");
  CHECK(address_of("ipv4@::1:80", bind_rules) == "invalid address: '::1' in 'ipv4@::1:80'");
  CHECK(address_of("udp@:80", bind_rules) == "dgram-type address not acceptable in 'udp@:80'");
  CHECK(address_of("fd@x", bind_rules) == "file descriptor 'x' is not a valid integer in 'fd@x'");
  CHECK(address_of("fd@999", bind_rules) == "cannot use file descriptor '999' : Bad file descriptor.");
  CHECK(address_of("", bind_rules) == "'' resolves to an empty address (environment variable missing?)");
}

TEST_CASE("a UNIX socket takes a prefix and has a longest path") {
  AddressRules rules = bind_rules;
  rules.prefix = "/run";
  CHECK(address_of("/x.sock", rules) == "/run/x.sock");
  CHECK(address_of("abns@name", rules) == "abns@name");
  const std::string path = "unix@/" + std::string(97, 'x');
  CHECK(address_of(path.c_str(), bind_rules) == "socket path '" + path + "' too long (max 97)");
}

TEST_CASE("an inherited descriptor tells its own address") {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const auto reading = read_address("fd@" + std::to_string(fd), bind_rules);
  CHECK(reading.descriptor == fd);
  CHECK(reading.address.family() == AF_INET);
  close(fd);
}

TEST_CASE("a server may have no port, an offset, or a name for later") {
  CHECK(address_of("127.0.0.1", server_rules) == "127.0.0.1:0");
  const auto offset = read_address("127.0.0.1:-5", server_rules);
  CHECK(offset.relative_port);
  CHECK(offset.port_offset == -5);
  const auto named = read_address("db.example:80", server_rules);
  CHECK(named.address.empty());
  CHECK(named.host == "db.example");
  CHECK(named.port == 80);
  CHECK(address_of("fd@3", server_rules) == "a file descriptor is not acceptable here in 'fd@3'");
  CHECK(address_of("127.0.0.1:80-90", server_rules) == "port range not permitted here in '127.0.0.1:80-90'");
}

TEST_CASE("the variables of an address are what the environment says, and nothing when it is silent") {
  CHECK(address_of("$DDB_HOST:80", bind_rules) == "127.0.0.1:80");
  CHECK(address_of("[${DDB_HOST}]:8${DDB_UNSET}0", bind_rules) == "127.0.0.1:80");
  CHECK(read_address("*:${DDB_PORTS", bind_rules).last_port == 83);
  CHECK(address_of("${DDB_PATH}", bind_rules) == "/run/x");
  CHECK(address_of("$DDB_DOLLAR:80", bind_rules) == "invalid address: '$DDB_HOST' in '$DDB_DOLLAR:80'");
  CHECK(address_of("$DDB_UNSET:80", server_rules) == "0.0.0.0:80");
  CHECK(address_of("$DDB_HOST:$DDB_UNSET", server_rules) == "127.0.0.1:0");
  CHECK(address_of("*:$DDB_UNSET", bind_rules) == "missing port specification in '*:$DDB_UNSET'");
  CHECK(address_of("$DDB_UNSET", bind_rules) ==
        "'$DDB_UNSET' resolves to an empty address (environment variable missing?)");
}
