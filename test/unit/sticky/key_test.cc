#include "sticky/key.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using sticky::key_of;
using KeyType = model::StickTable::KeyType;

namespace {

model::StickTable table_of(KeyType type, uint32_t size) {
  model::StickTable table;
  table.key_type = type;
  table.key_size = size;
  return table;
}
std::string shown(std::string_view key, const model::StickTable& table) {
  std::string text;
  sticky::append_key(text, key, table);
  return text;
}

}  // namespace

TEST_CASE("samples become keys of the table's type and length") {
  sample::Scratch scratch;
  sample::Value value;
  value.set_ipv4(0x7f000001);
  const auto ip = table_of(KeyType::ip, 4), ipv6 = table_of(KeyType::ipv6, 16), integer = table_of(KeyType::integer, 4),
             text = table_of(KeyType::string, 5), binary = table_of(KeyType::binary, 4);
  CHECK(shown(*key_of(value, ip, scratch), ip) == "127.0.0.1");
  CHECK(shown(*key_of(value, ipv6, scratch), ipv6) == "::ffff:127.0.0.1");
  CHECK(shown(*key_of(value, integer, scratch), integer) == "2130706433");
  CHECK(*key_of(value, text, scratch) == "127.0");
  value.set_binary("ab");
  CHECK(shown(*key_of(value, binary, scratch), binary) == "61620000");
  CHECK_FALSE(key_of(value, integer, scratch));
  value.set_binary("abcdef");
  CHECK(*key_of(value, binary, scratch) == "abcd");
  value.set_string("");
  CHECK_FALSE(key_of(value, text, scratch));
  value.set_binary({"\0ab", 3});
  CHECK(key_of(value, text, scratch) == "");
  value.set_binary({"a\0b", 3});
  CHECK(*key_of(value, text, scratch) == "a");
  value.set_string("1.2.3.4");
  CHECK(shown(*key_of(value, ip, scratch), ip) == "1.2.3.4");
}

TEST_CASE("keys as a person writes them") {
  const auto integer = table_of(KeyType::integer, 4), ipv6 = table_of(KeyType::ipv6, 16);
  CHECK(shown(sticky::read_key("12x", integer).bytes, integer) == "12");
  for (const char* wrong : {"-1", "x", ""}) CHECK(sticky::read_key(wrong, integer).error == "Invalid key\n");
  CHECK(sticky::read_key("1.2.3.4", ipv6).error == "Invalid key\n");
  CHECK(shown(sticky::read_key("::1", ipv6).bytes, ipv6) == "::1");
  const auto ip = table_of(KeyType::ip, 4);
  CHECK(shown(sticky::read_key("x", ip).bytes, ip) == "0.0.0.0");
}
