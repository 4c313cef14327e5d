#include "sticky/table.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace ddbproxy;
using sticky::Pin;
using sticky::StickData;
using sticky::Table;

namespace {

model::StickTable settings(uint32_t size, int expire_ms = 0, bool nopurge = false) {
  model::StickTable table;
  table.size = size;
  table.expire = std::chrono::milliseconds(expire_ms);
  table.nopurge = nopurge;
  table.stored(StickData::conn_cnt).count = table.stored(StickData::conn_cur).count = 1;
  table.stored(StickData::bytes_in_cnt).count = 1;
  table.stored(StickData::gpc).count = 3;
  table.stored(StickData::conn_rate) = {1, std::chrono::milliseconds(1000)};
  return table;
}
bool has(Table& table, std::string_view key, sticky::Tick now = 0) {
  return table.with(key, now, [](sticky::Entry&) {});
}

}  // namespace

TEST_CASE("a full table forgets what was not used for longest") {
  Table table("t", settings(2));
  sticky::Tick now = sticky::tick_of(base::now());
  table.pin_or_make("a", now);
  table.pin_or_make("b", now);
  table.pin("a", now);
  CHECK(table.pin_or_make("c", now));
  CHECK(has(table, "a"));
  CHECK_FALSE(has(table, "b"));
  CHECK(table.used() == 2);
}

TEST_CASE("what is pinned stays, and a full table of it takes no more") {
  Table table("t", settings(2));
  const Pin a = table.pin_or_make("a", 0);
  Pin b = table.pin_or_make("b", 0);
  CHECK_FALSE(table.pin_or_make("c", 0));
  CHECK(table.remove("a", 0) == Table::Removal::pinned);
  b.reset();
  CHECK(table.pin_or_make("c", 0));
  CHECK(has(table, "a"));
  CHECK_FALSE(has(table, "b"));
}

TEST_CASE("with nopurge a full table takes no further keys") {
  Table table("t", settings(1, 0, true));
  table.pin_or_make("a", 0);
  CHECK_FALSE(table.pin_or_make("b", 0));
  CHECK(table.pin_or_make("a", 0));
  CHECK(table.remove("a", 0) == Table::Removal::done);
  CHECK(table.remove("a", 0) == Table::Removal::none);
  CHECK(table.pin_or_make("b", 0));
}

TEST_CASE("entries expire when they have not been used for so long") {
  Table table("t", settings(10, 1000));
  const sticky::Tick now = sticky::tick_of(base::now());
  table.pin_or_make("a", now);
  CHECK(has(table, "a", now + 500));
  CHECK_FALSE(has(table, "a", now + 2000));
  table.pin_or_make("b", now);
  table.expire(now + 2000);
  CHECK(table.used() == 0);
}

TEST_CASE("data lies apart and counts where it is stored") {
  Table table("t", settings(10));
  Pin pin = table.pin_or_make("key", 0);
  pin.add(StickData::bytes_in_cnt, 0, uint64_t{1} << 40);
  pin.add(StickData::gpc, 0, 5, 2);
  pin.add(StickData::gpc, 0, 5, 3);
  pin.add(StickData::gpc0, 0);
  pin.set(StickData::conn_cnt, 0, 7);
  CHECK(pin.get(StickData::bytes_in_cnt, 0) == uint64_t{1} << 40);
  CHECK(pin.get(StickData::gpc, 0, 2) == 5);
  CHECK(pin.get(StickData::gpc, 0, 1) == 0);
  CHECK(pin.get(StickData::conn_cnt, 0) == 7);
  CHECK_FALSE(pin.stores(StickData::gpc0));
  CHECK(pin.entry()->key(table.layout()) == "key");
}

TEST_CASE("what is tracked counts as a connection while it is tracked") {
  Table table("t", settings(10));
  const auto current = [&] {
    uint64_t number = 99;
    table.with("a", 0, [&](sticky::Entry& entry) { number = entry.get(table.layout(), StickData::conn_cur, 0); });
    return number;
  };
  sticky::Tracked first(table.pin_or_make("a", 0), 0), second(table.pin_or_make("a", 0), 0);
  CHECK(current() == 2);
  first = std::move(second);
  CHECK(current() == 1);
  first.end();
  CHECK(current() == 0);
}

TEST_CASE("a table goes on when it stores the same by the same keys") {
  Table table("t", settings(10));
  CHECK(table.continues_as(settings(20, 5), false));
  CHECK_FALSE(table.continues_as(settings(20, 5), true));
  auto other = settings(10);
  other.stored(StickData::gpc).count = 4;
  CHECK_FALSE(table.continues_as(other, false));
  other = settings(10);
  other.key_type = model::StickTable::KeyType::ipv6;
  CHECK_FALSE(table.continues_as(other, false));
}

TEST_CASE("threads share a table that is too small for them") {
  Table table("t", settings(5000));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20000; ++i) sticky::Tracked(table.pin_or_make(std::to_string(i % 7000), 0), 0);
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(table.used() <= 5000);
  uint64_t open = 0, entries = 0;
  for (size_t i = 0; i < table.shards(); ++i)
    table.for_each(i, [&](sticky::Entry& entry) {
      ++entries;
      open += entry.get(table.layout(), StickData::conn_cur, 0) + entry.pins();
    });
  CHECK(entries == table.used());
  CHECK(open == 0);
}
