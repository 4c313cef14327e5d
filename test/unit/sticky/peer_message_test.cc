// The bytes are what two haproxy 2.6 say to each other.
#include "sticky/peer_message.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using namespace std::string_view_literals;
using sticky::PeerHello;
using sticky::PeerMessage;
using sticky::PeerReading;
using sticky::StickData;
using sticky::Table;
using KeyType = model::StickTable::KeyType;

namespace {

model::StickTable many_kinds() {
  model::StickTable table;
  table.size = 1000;
  table.expire = std::chrono::seconds(100);
  for (const StickData data :
       {StickData::server_id, StickData::gpc0, StickData::conn_cnt, StickData::conn_cur, StickData::bytes_in_cnt})
    table.stored(data).count = 1;
  table.stored(StickData::conn_rate) = table.stored(StickData::http_req_rate) = {1, std::chrono::seconds(10)};
  table.stored(StickData::bytes_out_rate) = {1, std::chrono::seconds(5)};
  return table;
}

model::StickTable arrays() {
  model::StickTable table;
  table.size = 1000;
  table.key_type = KeyType::integer;
  table.stored(StickData::gpt).count = 2;
  table.stored(StickData::gpc).count = 3;
  table.stored(StickData::gpc_rate) = {2, std::chrono::seconds(10)};
  return table;
}

model::StickTable texts() {
  model::StickTable table;
  table.size = 1000;
  table.key_type = KeyType::string;
  table.key_size = 20;
  table.expire = std::chrono::minutes(3);
  table.stored(StickData::gpt0).count = table.stored(StickData::gpc1).count = 1;
  return table;
}

model::StickTable servers() {
  model::StickTable table;
  table.size = 100;
  table.expire = std::chrono::minutes(10);
  table.stored(StickData::server_id).count = table.stored(StickData::server_key).count = 1;
  return table;
}

constexpr std::string_view many_defined =
    "\n\x82\x1a\x02\x04t_ip\x04\x04\xf5\xb8#\xf0\xdb/\x05\xf0\xe2\x03\n\xf0\xe2\x03\x10\xf8\xa9\x01"sv;
constexpr std::string_view many_update =
    "\n\x85*\x00\x00\x00\x01\x00\x01\x86r\x01\x02\x03\x04\x00\x05\xf0\x81\xa0\x0e.\x07\x00\x00\xfe\xa4\xed\x99\x13\x00"
    "\x00\xff\xf0\xdb\x9c\xa3\x16\xfe\xa4\xed\x99\x13\x00\x00"sv;

PeerMessage first(std::string_view bytes) {
  PeerMessage message;
  REQUIRE(sticky::take_peer_message(bytes, 16384, message) == PeerReading::message);
  return message;
}

sticky::PeerTable defined(std::string_view bytes) {
  const auto read = sticky::read_definition(first(bytes).body);
  REQUIRE(read);
  return *read;
}

/// What a table says of the entry of this key.
std::string said(Table& table, std::string_view key, uint32_t number, sticky::Tick now, bool timed = false) {
  std::string out;
  sticky::SentNames names;
  table.with(key, now,
             [&](sticky::Entry& entry) { sticky::append_update(out, number, table, entry, now, timed, names); });
  return out;
}

uint64_t value(Table& table, std::string_view key, StickData data, sticky::Tick now, uint32_t at = 0) {
  uint64_t found = 0;
  REQUIRE(table.with(key, now, [&](sticky::Entry& e) { found = e.get(table.layout(), data, now, at); }));
  return found;
}

}  // namespace

TEST_CASE("a hello is read as soon as it is whole") {
  constexpr std::string_view hello = "HAProxyS 2.1\nA\nB 10775 1\n";
  CHECK(sticky::peer_hello("A", "B", 10775) == hello);
  for (size_t size = 0; size < hello.size(); ++size)
    CHECK(sticky::read_peer_hello(hello.substr(0, size)).state == PeerHello::State::incomplete);
  const std::string more = std::string(hello) + "\0\4";
  const PeerHello read = sticky::read_peer_hello(more);
  CHECK(read.state == PeerHello::State::read);
  CHECK(read.right_protocol);
  CHECK((read.major == 2 && read.minor == 1));
  CHECK((read.to == "A" && read.from == "B"));
  CHECK(read.size == hello.size());
}

TEST_CASE("who is no peer is known by the first byte, and nobody talks for ever") {
  CHECK(sticky::read_peer_hello("G").state == PeerHello::State::malformed);
  CHECK(sticky::read_peer_hello("HAProxyS 2.1\n" + std::string(2000, 'a')).state == PeerHello::State::malformed);
  CHECK_FALSE(sticky::read_peer_hello("HAProxyS two\na\nb\n").right_protocol);
  CHECK_FALSE(sticky::read_peer_hello("HAProxySX 2.1\na\nb\n").right_protocol);
  CHECK(sticky::read_peer_hello("HAProxyS 3.0\na\nb\n").major == 3);
}

TEST_CASE("messages are cut at their lengths") {
  std::string_view rest = "\0\4\n\x84\x05\x06\0\0\0\1\0"sv;
  PeerMessage message;
  CHECK(sticky::take_peer_message(rest, 100, message) == PeerReading::message);
  CHECK((message.kind == PeerMessage::control && message.type == PeerMessage::heartbeat));
  CHECK(sticky::take_peer_message(rest, 100, message) == PeerReading::message);
  CHECK(message.type == PeerMessage::acknowledgement);
  const auto read = sticky::read_acknowledgement(message.body);
  CHECK((read && read->table == 6 && read->update == 1));
  CHECK(sticky::take_peer_message(rest, 100, message) == PeerReading::incomplete);
  rest = "\n\x80\xf0\x10"sv;
  CHECK(sticky::take_peer_message(rest, 100, message) == PeerReading::too_long);
  rest = "\n\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"sv;
  CHECK(sticky::take_peer_message(rest, 100, message) == PeerReading::malformed);
  std::string out;
  sticky::append_acknowledgement(out, 6, 1);
  CHECK(out == "\n\x84\x05\x06\0\0\0\1"sv);
}

TEST_CASE("tables are defined as haproxy defines them") {
  std::string out;
  Table many("t_ip", many_kinds(), true), numbers("t_int", arrays(), true), text("t_str", texts(), true),
      stick("st", servers(), true);
  sticky::append_definition(out, 2, "t_ip", many);
  CHECK(out == many_defined);
  out.clear();
  sticky::append_definition(out, 3, "t_int", numbers);
  CHECK(out == "\n\x82\x17\x03\x05t_int\x02\x04\xf0\xf1\xfen\x00\x16\x02\x17\x03\x18\x02\xf0\xe2\x03"sv);
  out.clear();
  sticky::append_definition(out, 4, "t_str", text);
  CHECK(out == "\n\x82\x0f\x04\x05t_str\x06\x15\xf2\xf1>\xf0\xe3V"sv);
  out.clear();
  sticky::append_definition(out, 7, "st", stick);
  CHECK(out == "\n\x82\x0e\x07\x02st\x04\x04\xf1\xf1\xfe\x00\xf0\xed\xa3\x01"sv);
}

TEST_CASE("an update of haproxy's sets what is stored, but not how many connections there are now") {
  Table table("t_ip", many_kinds(), true);
  const sticky::PeerTable theirs = defined(many_defined);
  CHECK((theirs.id == 2 && theirs.name == "t_ip" && theirs.understood));
  CHECK(sticky::has_keys_of(theirs, table));
  const sticky::Tick now = 1000000;
  constexpr std::string_view key = "\1\2\3\4"sv;
  sticky::ReceivedNames names;
  uint32_t number = 0;
  CHECK(sticky::read_update(first(many_update), theirs, table, now, number, names) == sticky::UpdateReading::done);
  CHECK(number == 1);
  CHECK(value(table, key, StickData::gpc0, now) == 5);
  CHECK(value(table, key, StickData::conn_cnt, now) == 4000000);
  CHECK(value(table, key, StickData::conn_rate, now) == 7);
  CHECK(value(table, key, StickData::bytes_in_cnt, now) == 99999999999);
  table.with(key, now, [&](sticky::Entry& entry) { CHECK(table.time_left(entry, now) == 0x18672); });
  // 7 of 8 that are there now.
  constexpr std::string_view now_there = "\n\x80\x16\0\0\0\2\1\2\3\4\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0"sv;
  CHECK(sticky::read_update(first(now_there), theirs, table, now, number, names) == sticky::UpdateReading::done);
  CHECK(number == 2);
  CHECK(value(table, key, StickData::conn_cur, now) == 0);
}

TEST_CASE("keys of numbers and texts, and arrays") {
  Table numbers("t_int", arrays(), true), text("t_str", texts(), true);
  const auto in_arrays =
      defined("\n\x82\x17\x03\x05t_int\x02\x04\xf0\xf1\xfen\x00\x16\x02\x17\x03\x18\x02\xf0\xe2\x03"sv);
  sticky::ReceivedNames names;
  uint32_t number = 0;
  constexpr std::string_view update = "\n\x80\x12\0\0\0\1\0\0\0\7\1\2\3\4\5\0\6\0\1\7\0"sv;
  CHECK(sticky::read_update(first(update), in_arrays, numbers, 0, number, names) == sticky::UpdateReading::malformed);
  constexpr std::string_view whole = "\n\x80\x13\0\0\0\1\0\0\0\7\1\2\3\4\5\0\6\0\1\7\0"sv;
  REQUIRE(sticky::read_update(first(whole), in_arrays, numbers, 0, number, names) == sticky::UpdateReading::done);
  const uint32_t seven = 7;
  const std::string_view key(reinterpret_cast<const char*>(&seven), sizeof seven);
  CHECK(value(numbers, key, StickData::gpt, 0, 1) == 2);
  CHECK(value(numbers, key, StickData::gpc, 0, 2) == 5);
  CHECK(value(numbers, key, StickData::gpc_rate, 0, 1) == 7);
  CHECK(said(numbers, key, 1, 0) == whole);

  const auto in_texts = defined("\n\x82\x0f\x04\x05t_str\x06\x15\xf2\xf1>\xf0\xe3V"sv);
  constexpr std::string_view abc =
      "\n\x80\x0b\x00\x00\x00\x01\x03"
      "abc\xfc\x03\t"sv;
  REQUIRE(sticky::read_update(first(abc), in_texts, text, 0, number, names) == sticky::UpdateReading::done);
  CHECK(value(text, "abc", StickData::gpt0, 0) == 300);
  CHECK(said(text, "abc", 1, 0) == abc);
  CHECK(sticky::read_update(first("\n\x81\x05\x02xy\0\0"sv), in_texts, text, 0, number, names) ==
        sticky::UpdateReading::done);
  CHECK(number == 2);
}

TEST_CASE("names of servers are said once") {
  Table table("st", servers(), true);
  const auto theirs = defined("\n\x82\x0e\x07\x02st\x04\x04\xf1\xf1\xfe\x00\xf0\xed\xa3\x01"sv);
  sticky::ReceivedNames received;
  uint32_t number = 0;
  constexpr std::string_view with_name = "\n\x80\x0e\x00\x00\x00\x01\x7f\x00\x00\x01\x01\x04\x01\x02s1"sv;
  constexpr std::string_view again = "\n\x80\x0b\x00\x00\x00\x03\x7f\x00\x00\x02\x01\x01\x01"sv;
  REQUIRE(sticky::read_update(first(with_name), theirs, table, 0, number, received) == sticky::UpdateReading::done);
  REQUIRE(sticky::read_update(first(again), theirs, table, 0, number, received) == sticky::UpdateReading::done);
  std::string out;
  sticky::SentNames sent;
  for (const auto& [key, id] : {std::pair("\x7f\0\0\1"sv, 1u), {"\x7f\0\0\2"sv, 3u}})
    table.with(key, 0, [&, number_of_update = id](sticky::Entry& entry) {
      REQUIRE(entry.name(table.layout()));
      CHECK(*entry.name(table.layout()) == "s1");
      sticky::append_update(out, number_of_update, table, entry, 0, false, sent);
    });
  CHECK(out == std::string(with_name) + std::string(again));
  // A number that nobody has said.
  CHECK(sticky::read_update(first("\n\x80\x0c\0\0\0\4\x7f\0\0\3\1\2\xf0\1"sv), theirs, table, 0, number, received) ==
        sticky::UpdateReading::malformed);
  CHECK(sticky::read_update(first("\n\x80\x0a\0\0\0\4\x7f\0\0\3\1\0"sv), theirs, table, 0, number, received) ==
        sticky::UpdateReading::done);
}

TEST_CASE("what is cut anywhere is malformed and changes nothing") {
  const sticky::PeerTable theirs = defined(many_defined);
  const PeerMessage whole = first(many_update);
  for (size_t size = 0; size < whole.body.size(); ++size) {
    Table table("t_ip", many_kinds(), true);
    sticky::ReceivedNames names;
    uint32_t number = 0;
    CHECK(sticky::read_update({10, 0x85, whole.body.substr(0, size)}, theirs, table, 0, number, names) ==
          sticky::UpdateReading::malformed);
    CHECK(table.used() == 0);
  }
  for (size_t size = 0; size < 10; ++size)
    CHECK_FALSE(sticky::read_definition(first(many_defined).body.substr(0, size)));
}
