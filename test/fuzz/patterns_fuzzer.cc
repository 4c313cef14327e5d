// Feeds arbitrary files of patterns and maps to each method of comparing: whatever could be read is found, changed and
// removed again.
#include <cstdint>
#include <cstdlib>

#include "sample/map.h"
#include "sample/patterns/reading.h"

using namespace ddbproxy::sample;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void use(const PatternSet& set, std::string_view text, bool found_nothing) {
  Scratch scratch;
  Value value;
  value.set_string(text);
  const PatternEntry* entry = set.find(value, scratch);
  if (entry && set.options().match != Match::found && set.options().match != Match::boolean) {
    expect(!found_nothing);
    set.in_tree(*entry);
  }
}

void change(PatternList& list, const PatternSet& set, std::string_view text) {
  const size_t before = list.size();
  const uint32_t version = list.prepare();
  const bool added = static_cast<bool>(list.add(text, "1")) && list.add(text, "2", version);
  expect(list.size() == before + (added ? 2 : 0));
  use(set, text, false);
  if (set.options().match == Match::string && added) {
    Scratch scratch;
    Value value;
    value.set_string(text);
    expect(set.find(value, scratch));
  }
  expect(*list.set(text, "3") >= (added ? 2 : 0));
  while (const PatternEntry* first = list.next(0, 0)) {
    use(set, first->pattern(), false);
    if (list.size() % 2)
      expect(list.erase(list.id_of(*first)));
    else
      expect(list.erase(std::string(first->pattern())) > 0);
    [[maybe_unused]] const Leftovers freed = list.leftovers();
  }
  use(set, text, true);
  expect(list.commit(version));
  list.clear(version);
  expect(list.size() == 0);
}

void read_words(std::string_view text, Match match) {
  PatternWords words(match);
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const auto word = words.read(text.substr(0, end));
    expect(word || !word.error().text.empty());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const auto match = static_cast<Match>(data[0] % 15);
  const bool ignore_case = data[1] & 1, is_map = data[1] & 2;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string_view last = text.substr(text.rfind('\n') + 1);
  read_words(last, match);
  auto list = std::make_shared<PatternList>("file");
  list->load(std::string(text), is_map ? PatternList::Lines::keys_and_values : PatternList::Lines::patterns);
  const ResolveHost resolve = [](std::string_view name) { return name == "host" ? std::optional(1u) : std::nullopt; };
  const auto set =
      list->compile({.match = match, .ignore_case = ignore_case, .resolve = data[1] & 4 ? resolve : nullptr});
  expect(set || !set.error().text.empty());
  if (set) change(*list, **set, last);

  auto map = std::make_shared<PatternList>("file");
  map->load(std::string(text), PatternList::Lines::keys_and_values);
  const auto values = data[1] & 8 ? Type::integer : data[1] & 16 ? Type::address : Type::string;
  const bool references = match == Match::regex && values == Type::string;
  if (const auto compiled = Map::compile(map, match, values, references)) {
    Scratch scratch;
    Value value;
    value.set_string(last);
    (*compiled)->find(value, scratch);
  }
  return 0;
}
