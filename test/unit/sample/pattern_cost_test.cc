// What 100,000 patterns cost. Hidden: build it with optimisation and run `unit_sample '[cost]'`.
#include <catch2/catch.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <random>
#include <time.h>
#include <unistd.h>

#include "sample/pattern_list.h"

using namespace ddbproxy::sample;

namespace {

constexpr int entries = 100'000;

double processor_ms() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

long resident_kb() {
  long size = 0, resident = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2) return 0;
  fclose(file);
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

void measure(const char* what, Match match, PatternList::Lines lines, const std::string& text,
             std::vector<Value> values) {
  const long memory = resident_kb();
  const double begin = processor_ms();
  PatternList list("file");
  list.load(text, lines);
  const auto set = *list.compile({.match = match});
  const double loaded = processor_ms();
  const long used = resident_kb() - memory;
  Scratch scratch;
  size_t found = 0;
  const double looking = processor_ms();
  for (int i = 0; i < entries; ++i)
    found += set->find(values[static_cast<size_t>(i) % values.size()], scratch) != nullptr;
  const double looked = processor_ms();
  fmt::print("{}: {:.1f} ms of processor to load, {} kB, {:.0f} ns a look, {} of {} found\n", what, loaded - begin,
             used, (looked - looking) * 1e6 / entries, found, entries);
}

}  // namespace

TEST_CASE("100,000 networks", "[.][cost]") {
  std::mt19937 chance(1);
  std::string text;
  std::vector<Value> values;
  for (int i = 0; i < entries; ++i) {
    const auto bits = 8 + chance() % 25;
    const uint32_t address = static_cast<uint32_t>(chance()) >> (32 - bits) << (32 - bits);
    text +=
        fmt::format("{}.{}.{}.{}/{}\n", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255, bits);
    values.emplace_back().set_ipv4(address);
  }
  measure("networks", Match::ip, PatternList::Lines::patterns, text, values);
}

TEST_CASE("a map of 100,000 strings", "[.][cost]") {
  std::mt19937 chance(1);
  std::string text;
  std::vector<std::string> keys;
  std::vector<Value> values;
  for (int i = 0; i < entries; ++i) {
    keys.push_back(fmt::format("{}.example{}.com", chance(), chance() % 1000));
    text += keys.back() + fmt::format(" backend_{}\n", chance() % 500);
  }
  for (const std::string& key : keys) values.emplace_back().set_string(key);
  measure("strings", Match::string, PatternList::Lines::keys_and_values, text, values);
  measure("beginnings", Match::begin, PatternList::Lines::keys_and_values, text, values);
}
