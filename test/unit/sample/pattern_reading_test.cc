// The texts of patterns: what haproxy 2.6 takes, and its words for what it does not take.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "sample/pattern.h"
#include "sample/patterns/reading.h"

using namespace ddbproxy::sample;

namespace {

std::string range_error(std::string_view text) {
  const auto range = read_range(text);
  return range ? "" : range.error().text;
}

std::string shown(std::string_view text) {
  const auto range = read_range(text);
  return range ? std::to_string(range->lowest) + " " + std::to_string(range->highest) : range.error().text;
}

/// What the words of an acl line come to.
std::vector<std::string> patterns(Match match, std::initializer_list<std::string_view> words) {
  PatternWords reader(match);
  std::vector<std::string> result;
  for (const std::string_view word : words) {
    const auto read = reader.read(word);
    if (!read)
      result.push_back(read.error().text);
    else if (*read)
      result.push_back(**read);
  }
  return result;
}

std::string network(std::string_view text, const ResolveHost& resolve = {}) {
  const auto read = read_network(text, resolve);
  if (!read) return read.error().text;
  if (!read->ipv6) return std::to_string(read->ipv4()) + (read->is_prefix ? "/" + std::to_string(read->bits) : " gaps");
  std::string bytes;
  for (const unsigned char byte : read->address)
    bytes += "0123456789abcdef"[byte >> 4], bytes += "0123456789abcdef"[byte & 15];
  return bytes + "/" + std::to_string(read->bits);
}

std::string hex(std::string_view text) {
  const auto read = ddbproxy::base::read_hex(text);
  return read ? *read : read.error().text;
}

}  // namespace

TEST_CASE("a range has one or two ends") {
  CHECK(shown("5") == "5 5");
  CHECK(shown("1:5") == "1 5");
  CHECK(shown("1-5") == "1 5");
  CHECK(shown("5:") == "5 " + std::to_string(INT64_MAX));
  CHECK(shown(":5") == std::to_string(INT64_MIN) + " 5");
  CHECK(shown("-5") == std::to_string(INT64_MIN) + " 5");
  CHECK(shown("--5") == std::to_string(INT64_MIN) + " -5");
  CHECK(shown("9223372036854775807") == "9223372036854775807 9223372036854775807");
  for (const char* wrong : {"abc", "1x", "0x10", "+5", "9223372036854775808", "1.5", "1,2", " 1", "1 ", ""})
    CHECK(range_error(wrong) == "'" + std::string(wrong) + "' is not a number");
  for (const char* wrong : {"5:1", "1:2:3", "-5:5", "-9223372036854775808", "1.5:2.5", ":", "1:a", "-"})
    CHECK(range_error(wrong) == "'" + std::string(wrong) + "' is not a valid number range");
}

TEST_CASE("an operator stays for the words behind it, and is shown as a range") {
  using Words = std::vector<std::string>;
  CHECK(patterns(Match::integer, {"5", "gt", "10", "20", "lt", "3"}) == Words{"5", "11:", "21:", ":2"});
  CHECK(patterns(Match::length, {"ge", "2", "le", "9", "eq", "4"}) == Words{"2:", ":9", "4"});
  CHECK(patterns(Match::integer, {"gt", "5:10", "5-10", "-5", ":10"}) == Words{"5:10", "5-10", "-5", ":10"});
  CHECK(patterns(Match::integer, {"lt", "0", "gt", "08"}) == Words{":-1", "9:"});
  CHECK(patterns(Match::integer, {"le", "gt"}).empty());
  // haproxy knows the word and compares for equality.
  CHECK(patterns(Match::integer, {"gt", "3", "ne", "5"}) == Words{"4:", "5"});
  CHECK(patterns(Match::integer, {"EQ", "eq", "foo"}) == Words{"EQ", "foo"});
  CHECK(patterns(Match::integer, {"gt", "foo"}) == Words{"'foo' is neither a number nor a supported operator"});
  CHECK(patterns(Match::integer, {"gt", "9223372036854775807"}) == Words{"-9223372036854775808:"});
  CHECK(patterns(Match::string, {"gt", "5"}) == Words{"gt", "5"});
}

TEST_CASE("a version is two numbers with a dot") {
  CHECK(read_dotted_range("3")->lowest == 3 << 16);
  CHECK(read_dotted_range("3.1:3.2")->contains(3 << 16 | 2));
  CHECK_FALSE(read_dotted_range("3.1:3.2")->contains(3 << 16));
  CHECK(read_dotted_range(":3")->highest == 3 << 16);
  for (const char* wrong : {"foo", "99999.3", "3.99999", "3.", "3.1.2"})
    CHECK(read_dotted_range(wrong).error().text == "'" + std::string(wrong) + "' is not a dotted number");
  CHECK(read_dotted_range("3.2:3.1").error().text == "'3.2:3.1' is not a valid dotted number range");
  using Words = std::vector<std::string>;
  CHECK(patterns(Match::dotted, {"gt", "3.1", "ge", "3", "lt", "3.0", "le", "3", "gt", "65535.65535"}) ==
        Words{"3.2:", "3.0:", ":2.65535", ":3.0", "65536.0:"});
  CHECK(patterns(Match::dotted, {"gt", "3.1.2"}) == Words{"'3.1.2' is neither a number nor a supported operator"});
}

TEST_CASE("an address may have a mask of any kind") {
  CHECK(network("1.2.3.4") == "16909060/32");
  CHECK(network("1.2.3.4/24") == "16909056/24");
  CHECK(network("1.2.3.4/08") == "16777216/8");
  CHECK(network("1.2.3.4/+8") == "16777216/8");
  CHECK(network("1.2.3.4/0") == "0/0");
  CHECK(network("1.2.3.4/255.255.255.0") == "16909056/24");
  CHECK(network("1.2.3.4/255.0.255.0") == "16777984 gaps");
  CHECK(network("::1") == "00000000000000000000000000000001/128");
  CHECK(network("fe80::ffff/121") == "fe80000000000000000000000000ff80/121");
  CHECK(network("::ffff:1.2.3.4/96") == "00000000000000000000ffff00000000/96");
  for (const char* wrong : {"1.2.3.4/33",
                            "1.2.3.4/",
                            "1.2.3.4/a",
                            "1.2.3.4/-1",
                            "1.2.3.4.5",
                            "300.1.1.1",
                            "::1/129",
                            "::1/x",
                            "::1/",
                            "::1/ffff::",
                            "1::2::3",
                            "[::1]",
                            "::1%lo",
                            "*",
                            "1.2.3",
                            "10/8",
                            "01.2.3.4",
                            "1.2.3.4/0x8",
                            "1.2.3.4/24/24",
                            "1.2.3.4/255.255",
                            "/8",
                            "/",
                            "1.2.3.4-1.2.3.5",
                            "1.2.3.4 ",
                            "localhost",
                            ""})
    CHECK(network(wrong) == "'" + std::string(wrong) + "' is not a valid IPv4 or IPv6 address");
}

TEST_CASE("a name is looked up where that is allowed, with its mask") {
  std::vector<std::string> asked;
  const ResolveHost resolve = [&](std::string_view name) -> std::optional<uint32_t> {
    asked.emplace_back(name);
    return name == "host" ? std::optional(0x0a010203u) : std::nullopt;
  };
  CHECK(network("host", resolve) == "167838211/32");
  CHECK(network("host/8", resolve) == "167772160/8");
  CHECK(network("nowhere", resolve) == "'nowhere' is not a valid IPv4 or IPv6 address");
  CHECK(network("1.2.3.4", resolve) == "16909060/32");
  CHECK(network("::1", resolve) == "00000000000000000000000000000001/128");
  CHECK(asked == std::vector<std::string>{"host", "host", "nowhere"});
}

TEST_CASE("bytes are pairs of hexadecimal digits") {
  CHECK(hex("0a0B") == "\n\v");
  CHECK(hex("") == "");
  CHECK(hex("abc") == "an even number of hex digit is expected");
  CHECK(hex("abcg") == "an hex digit is expected (found 'g')");
  CHECK(hex("0x0a") == "an hex digit is expected (found 'x')");
}

TEST_CASE("the values of maps are read as haproxy reads them") {
  Value value;
  const auto integer = [&](std::string_view text) {
    return read_map_value(text, Type::integer, value) ? std::to_string(value.number) : "none";
  };
  CHECK(integer("-5") == "-5");
  CHECK(integer("+5") == "5");
  CHECK(integer("") == "0");
  CHECK(integer("-") == "0");
  CHECK(integer("99999999999999999999") == "9223372036854775807");
  for (const char* wrong : {"x", "5x", "0x10", "- 5", "--5"}) CHECK(integer(wrong) == "none");
  const auto address = [&](std::string_view text) {
    return read_map_value(text, Type::address, value) ? value.address().host() : "none";
  };
  CHECK(address("1.2.3.4") == "1.2.3.4");
  CHECK(address("01.2.3.4") == "1.2.3.4");
  CHECK(address("1.2.3.4/8") == "1.2.3.4");
  CHECK(address("1.2.3.4:80") == "1.2.3.4");
  CHECK(address("::1") == "::1");
  for (const char* wrong :
       {"", "foo", "localhost", "1.2.3", "1.2.3.4.5", "1.2.3.4.", "256.1.1.1", "1..2.3", "-1.2.3.4", "::1/64", "[::1]"})
    CHECK(address(wrong) == "none");
}

TEST_CASE("methods have the names of -m, and values of a type those that fit") {
  for (const char* name : {"found", "bool", "int", "ip", "bin", "len", "str", "sub", "reg", "beg", "end", "dir", "dom"})
    CHECK(name_of(*match_named(name)) == name);
  CHECK_FALSE(match_named("method"));
  CHECK_FALSE(match_named(""));
  CHECK(default_match(Type::ipv6) == Match::ip);
  CHECK_FALSE(default_match(Type::binary));
  CHECK_FALSE(can_match(Type::boolean, Match::ip));
  CHECK_FALSE(can_match(Type::binary, Match::integer));
  CHECK_FALSE(can_match(Type::ipv6, Match::boolean));
  CHECK(can_match(Type::ipv4, Match::boolean));
  CHECK_FALSE(can_match(Type::address, Match::string));
  CHECK(can_match(Type::any, Match::ip));
}
