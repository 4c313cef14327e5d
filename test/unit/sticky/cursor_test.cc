#include "sticky/cursor.h"

#include <catch2/catch.hpp>
#include <thread>
#include <unordered_map>
#include <vector>

using namespace ddbproxy;
using sticky::StickData;
using sticky::Table;

namespace {

model::StickTable texts(uint32_t size = 1000) {
  model::StickTable table;
  table.size = size;
  table.key_type = model::StickTable::KeyType::string;
  table.key_size = 20;
  table.stored(StickData::gpt0).count = 1;
  return table;
}

}  // namespace

TEST_CASE("a cursor takes what was changed here, once, and what was learned only in a lesson") {
  const auto table = std::make_shared<Table>("t", texts(), true);
  sticky::Cursor cursor(table);
  const auto taken = [&](size_t most = 100) {
    std::string keys;
    cursor.take(most, [&](sticky::Entry& entry) { keys += entry.key(table->layout()); });
    return keys;
  };
  table->pin_or_make("a", 0).set(StickData::gpt0, 0, 1);
  table->learn("b", 0, {}, [](sticky::Entry&) {});
  table->pin_or_make("c", 0).set(StickData::gpt0, 0, 1);
  CHECK(taken(1) == "a");
  table->pin_or_make("c", 0).set(StickData::gpt0, 0, 2);
  CHECK(taken() == "c");
  CHECK(taken().empty());
  table->pin_or_make("a", 0).set(StickData::gpt0, 0, 2);
  cursor.rewind();
  CHECK(cursor.in_lesson());
  CHECK(taken(2) == "bc");
  CHECK(cursor.in_lesson());
  CHECK(taken() == "a");
  CHECK_FALSE(cursor.in_lesson());
  CHECK(taken().empty());
  // Of learned entries those that we change are ours.
  table->pin_or_make("b", 0).set(StickData::gpt0, 0, 3);
  CHECK(taken() == "b");
  cursor.go_back(0);
  CHECK(taken() == "cab");
  table->remove("a", 0);
  cursor.go_back(0);
  CHECK(taken() == "cb");
}

TEST_CASE("whoever listens is told once") {
  struct Listener final : sticky::ChangeListener {
    void table_changed() override { ++times; }
    int times = 0;
  } listener;
  Table table("t", texts(), true);
  table.set_listener(&listener);
  table.pin_or_make("a", 0);
  table.pin_or_make("b", 0);
  CHECK(listener.times == 1);
  table.listen_again();
  table.pin_or_make("c", 0);
  CHECK(listener.times == 2);
}

TEST_CASE("only tables that peers have pay for the order of changes") {
  const auto settings = texts();
  CHECK(sticky::Layout(settings.data).size() == sizeof(uint32_t));
  CHECK(sticky::Layout(settings.data, true).size() == sizeof(sticky::Change) + sizeof(uint32_t));
  CHECK(sizeof(sticky::Change) == 32);
}

TEST_CASE("what a table has is copied into one of another size that peers have") {
  Table before("t", texts(10)), after("t", texts(10000), true);
  before.pin_or_make("a", 0).set(StickData::gpt0, 0, 7);
  before.pin_or_make("b", 0).set(StickData::gpt0, 0, 8);
  CHECK_FALSE(before.continues_as(after.kind(), true));
  CHECK(before.stores_as(after.kind()));
  after.copy(before, 0);
  CHECK(after.used() == 2);
  CHECK(after.changes() == 2);
  CHECK(after.pin("b", 0).get(StickData::gpt0, 0) == 8);
}

TEST_CASE("no change is lost while threads make them") {
  const auto table = std::make_shared<Table>("t", texts(100000), true);
  sticky::Cursor cursor(table);
  constexpr int threads = 3, keys = 50;
  constexpr uint64_t rounds = 2000;
  std::atomic<int> running{threads};
  std::vector<std::thread> changers;
  for (int number = 0; number < threads; ++number)
    changers.emplace_back([&, number] {
      for (uint64_t round = 1; round <= rounds; ++round) {
        const std::string key = std::to_string(number) + "/" + std::to_string(round % keys);
        sticky::Pin pin = table->pin_or_make(key, 0);
        // The first is noted as soon as it is made, the second while it is pinned.
        pin.set(StickData::gpt0, 0, round - 1);
        pin.set(StickData::gpt0, 0, round);
      }
      --running;
    });
  std::unordered_map<std::string, uint64_t> seen;
  const auto take = [&] {
    return cursor.take(7, [&](sticky::Entry& entry) {
      seen[std::string(entry.key(table->layout()))] = entry.get(table->layout(), StickData::gpt0, 0);
    });
  };
  while (running) take();
  for (std::thread& changer : changers) changer.join();
  while (take()) {
  }
  CHECK(seen.size() == threads * keys);
  for (int number = 0; number < threads; ++number)
    for (uint64_t round = rounds - keys + 1; round <= rounds; ++round)
      CHECK(seen[std::to_string(number) + "/" + std::to_string(round % keys)] == round);
}
