// Lists of patterns and what the runtime API does with them, as haproxy 2.6 was seen to do it.
#include "sample/pattern_list.h"

#include <catch2/catch.hpp>

#include "sample/map.h"

using namespace ddbproxy;
using namespace ddbproxy::sample;

namespace {

using Shown = std::vector<std::string>;

Shown show(const PatternList& list, std::optional<uint32_t> version = {}) {
  Shown result;
  uint64_t behind = 0;
  while (const PatternEntry* entry = list.next(version.value_or(list.current_version()), behind)) {
    result.push_back(std::string(entry->pattern()) +
                     (!entry->value().empty() ? "=" + std::string(entry->value()) : ""));
    behind = list.id_of(*entry);
  }
  return result;
}

std::string found(const PatternSet& set, std::string_view text) {
  Scratch scratch;
  Value value;
  value.set_string(text);
  const PatternEntry* entry = set.find(value, scratch);
  return entry ? std::string(entry->pattern()) : "no";
}

std::string stands_for(const Map& map, std::string_view text) {
  Scratch scratch;
  Value value;
  value.set_string(text);
  if (!map.find(value, scratch)) return "none";
  if (value.type == Type::integer) return std::to_string(value.number);
  return value.type == Type::string ? std::string(value.text) : value.address().host();
}

std::shared_ptr<PatternList> map_of(std::string text) {
  auto list = std::make_shared<PatternList>("m");
  list->load(std::move(text), PatternList::Lines::keys_and_values);
  return list;
}

}  // namespace

TEST_CASE("lines are comments, blank, or patterns with their trailing blanks") {
  PatternList list("f");
  list.load("# c\n foo\nbar \n\n \t \n# x\nb z\n\t#y\r\nlast", PatternList::Lines::patterns);
  CHECK(show(list) == Shown{"foo", "bar ", "b z", "#y", "last"});
  CHECK(list.next(0, 0)->line == 2);
  CHECK(list.size() == 5);
}

TEST_CASE("in a map the first blank ends the key, and blanks around the value are none of it") {
  auto list = map_of("a  b  c  \n\tt1 \t x\ty \n#c d\n \n  k\nq#w e # f\n #cc x\nk3  v\r\n\"a b\" c\n");
  CHECK(show(*list) == Shown{"a=b  c", "t1=x\ty", "k", "q#w=e # f", "#cc=x", "k3=v", "\"a=b\" c"});
}

TEST_CASE("a list that cannot be compiled says which line is wrong") {
  PatternList list("f");
  list.load("# c\n5\n\ngt 5\n", PatternList::Lines::patterns);
  CHECK(list.compile({.match = Match::integer}).error().text == "'gt 5' is not a number at line 4 of file 'f'");
  CHECK(list.compile({.match = Match::regex}));
  CHECK(list.sets().size() == 1);
  auto map = map_of("a 1\nb x\n");
  CHECK(Map::compile(map, Match::string, Type::integer).error().text == "unable to parse 'x' at line 2 of file 'm'");
  CHECK(Map::compile(map, Match::string, Type::address).error().text == "unable to parse '1' at line 1 of file 'm'");
  PatternList line;
  const auto set = line.compile({.match = Match::regex});
  CHECK(line.add("(").error().text == "regex '(' is invalid (error=missing closing parenthesis, erroffset=1)");
  CHECK(line.size() == 0);
}

TEST_CASE("who compares in the same way has the same set") {
  PatternList list("f");
  const auto first = list.compile({.match = Match::begin});
  CHECK(*list.compile({.match = Match::begin}) == *first);
  CHECK(*list.compile({.match = Match::begin, .ignore_case = true}) != *first);
  CHECK(list.sets().size() == 2);
}

TEST_CASE("entries are added behind the others and removed by pattern, all of them, or one by its id") {
  PatternList list("f");
  list.load("/c\n/d\n/c\n", PatternList::Lines::patterns);
  const auto set = *list.compile({.match = Match::begin});
  CHECK(list.add("/e"));
  CHECK(list.add("/c"));
  CHECK(show(list) == Shown{"/c", "/d", "/c", "/e", "/c"});
  const uint64_t id = list.id_of(*list.next(0, 0));
  CHECK(list.erase(id));
  CHECK_FALSE(list.erase(id));
  CHECK(found(*set, "/cd") == "/c");
  CHECK(list.erase("/c") == 2);
  CHECK(list.erase("/c") == 0);
  CHECK(found(*set, "/cd") == "no");
  CHECK(show(list) == Shown{"/d", "/e"});
  CHECK_FALSE(list.leftovers().empty());
  CHECK(list.leftovers().empty());
}

TEST_CASE("ids are unique, and are read as they are shown") {
  PatternList a, b;
  CHECK(a.add("x"));
  CHECK(b.add("x"));
  const uint64_t id = a.id_of(*a.next(0, 0));
  CHECK(id != b.id_of(*b.next(0, 0)));
  char shown[32];
  snprintf(shown, sizeof shown, "0x%llx", static_cast<unsigned long long>(id));
  CHECK(PatternList::parse_id(shown) == id);
  CHECK(PatternList::parse_id(shown + 2) == id);
  for (const char* wrong : {"", "0x", "zz", "0x1g", "-1"}) CHECK_FALSE(PatternList::parse_id(wrong));
  CHECK_FALSE(b.erase(id));
}

TEST_CASE("what one set cannot read is in none") {
  PatternList list("f");
  const auto texts = *list.compile({.match = Match::string});
  const auto numbers = *list.compile({.match = Match::integer});
  CHECK(list.add("abc").error().text == "'abc' is not a number");
  CHECK(found(*texts, "abc") == "no");
  CHECK(show(list).empty());
  CHECK(list.add("7:9"));
  CHECK(found(*numbers, "8") == "7:9");
  CHECK(found(*texts, "7:9") == "7:9");
}

TEST_CASE("a key's values are changed together, and a value that a map cannot take is refused") {
  auto list = map_of("a 1\nb 2\na 3\n");
  const auto map = *Map::compile(list, Match::string, Type::integer);
  CHECK(*list->set("a", "9") == 2);
  CHECK(show(*list) == Shown{"a=9", "b=2", "a=9"});
  CHECK(stands_for(*map, "a") == "9");
  CHECK(list->set("a", "x").error().text == "unable to parse 'x'");
  CHECK(list->add("c", "x").error().text == "unable to parse 'x'");
  CHECK(*list->set("nokey", "1") == 0);
  const uint64_t first = list->id_of(*list->next(0, 0));
  CHECK(*list->set(first, "5"));
  CHECK(show(*list) == Shown{"a=5", "b=2", "a=9"});
  CHECK(list->id_of(*list->next(0, 0)) == first);
  CHECK(stands_for(*map, "a") == "5");
  CHECK(list->erase(first));
  CHECK(stands_for(*map, "a") == "9");
  CHECK_FALSE(*list->set(first, "5"));
}

TEST_CASE("a prepared version is seen once it is committed") {
  auto list = map_of("a 1\n");
  const auto map = *Map::compile(list, Match::begin, Type::string);
  CHECK_FALSE(list->knows_version(1));
  CHECK_FALSE(list->commit(1));
  CHECK(list->prepare() == 1);
  CHECK(list->prepare() == 2);
  CHECK(list->add("q", "1", 1));
  CHECK(list->add("r", "2", 2));
  CHECK(list->add("z", "0", 0));
  CHECK(show(*list) == Shown{"a=1", "z=0"});
  CHECK(show(*list, 1) == Shown{"q=1"});
  CHECK(show(*list, 3).empty());
  CHECK(stands_for(*map, "q") == "none");
  CHECK(list->size() == 4);

  CHECK(list->commit(1));
  CHECK(show(*list) == Shown{"q=1"});
  CHECK(stands_for(*map, "q") == "1");
  CHECK(stands_for(*map, "a") == "none");
  CHECK(show(*list, 2) == Shown{"r=2"});
  CHECK_FALSE(list->commit(1));
  CHECK_FALSE(list->commit(3));

  // One of before the current is kept, and never seen.
  CHECK(list->commit(2));
  CHECK(list->add("old", "1", 1));
  CHECK(show(*list, 1) == Shown{"old=1"});
  CHECK(stands_for(*map, "old") == "none");
  list->clear(2);
  CHECK(show(*list).empty());
  CHECK(stands_for(*map, "r") == "none");
  CHECK(show(*list, 1) == Shown{"old=1"});
  CHECK(list->add("r", "3"));
  CHECK(stands_for(*map, "r") == "3");
  CHECK(list->prepare() == 3);
  CHECK(list->commit(3));
  CHECK(list->size() == 0);
}

TEST_CASE("entries of every version are removed and changed by their pattern") {
  auto list = map_of("");
  const auto map = *Map::compile(list, Match::string, Type::string);
  list->prepare();
  CHECK(list->add("x", "1", 1));
  CHECK(*list->set("x", "5") == 1);
  CHECK(show(*list, 1) == Shown{"x=5"});
  CHECK(list->add("y", "1", 1));
  CHECK(list->erase("x") == 1);
  CHECK(list->commit(1));
  CHECK(show(*list) == Shown{"y=1"});
  CHECK(stands_for(*map, "y") == "1");
}

TEST_CASE("a set that is compiled later has what is there") {
  auto list = map_of("a 1\nb 2\nab 3\n");
  const auto texts = *Map::compile(list, Match::string, Type::string);
  CHECK(list->erase("b") == 1);
  list->prepare();
  CHECK(list->add("next", "4", 1));
  const auto begins = *Map::compile(list, Match::begin, Type::string);
  CHECK(stands_for(*begins, "abc") == "3");
  CHECK(stands_for(*begins, "b") == "none");
  CHECK(stands_for(*begins, "next") == "none");
  CHECK(list->commit(1));
  CHECK(stands_for(*begins, "nextone") == "4");
  CHECK(stands_for(*texts, "next") == "4");
}

TEST_CASE("values of expressions may refer to groups") {
  auto list = map_of("^(.)b? \\x41\\1\\\\\\2\\a\\9x\n^n(.) \\10-\\0\n^t x\\\n^h \\xZZ\n^i \\x4\n");
  const auto map = *Map::compile(list, Match::regex, Type::string, true);
  CHECK(stands_for(*map, "b") == "Ab\\ax");
  CHECK(list->erase("^(.)b?") == 1);
  CHECK(stands_for(*map, "nab") == "a0-na");
  for (const char* wrong : {"t", "h", "i", "z"}) CHECK(stands_for(*map, wrong) == "none");
}

TEST_CASE("a map gives values of its type") {
  auto list = map_of("a 1.2.3.4/8\nb ::1\n");
  const auto map = *Map::compile(list, Match::string, Type::address);
  CHECK(stands_for(*map, "a") == "1.2.3.4");
  CHECK(stands_for(*map, "b") == "::1");
}

TEST_CASE("entries are counted as haproxy does: up for each set, down for each entry that goes or cannot be read") {
  PatternList list("f");
  CHECK(list.compile({.match = Match::string}));
  CHECK(list.compile({.match = Match::integer}));
  CHECK(list.add("1"));
  CHECK(list.add("2"));
  CHECK(list.entry_count() == 4);
  CHECK_FALSE(list.add("x"));
  CHECK(list.entry_count() == 4);
  CHECK(list.compile({.match = Match::substring}));
  CHECK(list.entry_count() == 6);
  CHECK(list.erase("1") == 1);
  CHECK(list.entry_count() == 5);
  list.clear(0);
  CHECK(list.entry_count() == 4);
  PatternList numbers;
  CHECK(numbers.compile({.match = Match::integer}));
  CHECK_FALSE(numbers.add("x"));
  CHECK(numbers.entry_count() == ~uint64_t{0});
}

TEST_CASE("only what has come with a value shows one") {
  PatternList list;
  CHECK(list.add("a"));
  CHECK(list.add("b", ""));
  CHECK_FALSE(list.next(0, 0)->has_value());
  CHECK(list.next(0, list.id_of(*list.next(0, 0)))->has_value());
  CHECK(*list.set("a", "v") == 1);
  CHECK(list.next(0, 0)->value() == "v");
  CHECK(map_of("k")->next(0, 0)->has_value());
}

TEST_CASE("an old version that gets entries again goes as a whole with the next commit") {
  PatternList list;
  const auto set = *list.compile({.match = Match::string});
  for (const uint32_t old : {0u, ~0u}) {
    const uint32_t version = list.prepare();
    CHECK(list.commit(version));
    CHECK(list.add("x", {}, old));
    CHECK(found(*set, "x") == "no");
    CHECK(show(list, old) == Shown{"x"});
    CHECK(list.commit(list.prepare()));
    CHECK(show(list, old).empty());
    (void)list.leftovers();
    CHECK(list.add("x", {}, old));
    CHECK(list.erase("x") == 1);
  }
}

TEST_CASE("a map whose values refer to groups has a set of its own") {
  auto list = map_of("a(.) \\1\n");
  const auto plain = *Map::compile(list, Match::regex, Type::string),
             other = *Map::compile(list, Match::regex, Type::string, true);
  CHECK(&plain->set() != &other->set());
  CHECK(stands_for(*plain, "ab") == "\\1");
  CHECK(stands_for(*other, "ab") == "b");
}
