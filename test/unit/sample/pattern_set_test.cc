// What patterns match, and which of several: as haproxy 2.6 was seen to choose; and every index against a plain list.
#include "sample/pattern_set.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "sample/pattern_list.h"

using namespace ddbproxy;
using namespace ddbproxy::sample;

namespace {

Value text_value(std::string_view text) {
  Value value;
  value.set_string(text);
  return value;
}

Value ip_value(std::string_view text) {
  Value value;
  value.set_address(Address::parse_ip(text));
  return value;
}

struct Set {
  Set(Match match, std::initializer_list<std::string_view> patterns, bool ignore_case = false) {
    set = *list.compile({.match = match, .ignore_case = ignore_case});
    for (const std::string_view pattern : patterns) REQUIRE(list.add(pattern));
  }
  std::string find(const Value& value) const {
    Scratch scratch;
    const PatternEntry* entry = set->find(value, scratch);
    return entry ? std::string(entry->pattern()) : "no";
  }
  std::string find(std::string_view text) const { return find(text_value(text)); }
  std::string find_ip(std::string_view text) const { return find(ip_value(text)); }

  PatternList list;
  std::shared_ptr<const PatternSet> set;
};

bool matches(Match match, std::string_view pattern, std::string_view text, bool ignore_case = false) {
  return Set(match, {pattern}, ignore_case).find(text) == pattern;
}

}  // namespace

TEST_CASE("texts match as a whole, at their beginning, at their end, inside") {
  CHECK(matches(Match::string, "abc", "abc"));
  CHECK_FALSE(matches(Match::string, "abc", "ABC"));
  CHECK_FALSE(matches(Match::string, "abc", "abcd"));
  CHECK(matches(Match::string, "aBc", "AbC", true));
  CHECK(matches(Match::binary, "616263", "abc"));
  CHECK_FALSE(matches(Match::binary, "616263", "ABC", true));
  CHECK(matches(Match::begin, "ab", "abc"));
  CHECK_FALSE(matches(Match::begin, "ab", "a"));
  CHECK_FALSE(matches(Match::begin, "ab", "Ab"));
  CHECK(matches(Match::begin, "aB", "Abc", true));
  CHECK(matches(Match::end, "ab", "cab"));
  CHECK_FALSE(matches(Match::end, "ab", "b"));
  CHECK(matches(Match::end, "aB", "cAb", true));
  CHECK(matches(Match::substring, "ab", "cabc"));
  CHECK_FALSE(matches(Match::substring, "ab", "aB"));
  CHECK(matches(Match::substring, "aB", "cAbc", true));
  CHECK(matches(Match::regex, "^a.$", "ab"));
  CHECK_FALSE(matches(Match::regex, "^a.$", "AB"));
  CHECK(matches(Match::regex, "^a.$", "AB", true));
}

TEST_CASE("dir looks for words between slashes and question marks") {
  for (const char* text : {"ab", "/ab", "/ab/", "x/ab/y", "x?ab", "x?ab?y", "ab?", "xab/ab"})
    CHECK(matches(Match::directory, "ab", text));
  for (const char* text : {"xab", "abx", "x.ab", "/ab.x", "/AB", "a/b", "/ab#", "/ab:x", "ab&", ""})
    CHECK_FALSE(matches(Match::directory, "ab", text));
  CHECK(matches(Match::directory, "ab", "/AB", true));
  CHECK(matches(Match::directory, "ab/cd", "/ab/cd/"));
  CHECK_FALSE(matches(Match::directory, "ab/cd", "ab/cde"));
  CHECK(matches(Match::directory, "/ab/", "x/ab/y"));
  for (const char* text : {"", "a", "/", "//"}) CHECK_FALSE(matches(Match::directory, "/", text));
}

TEST_CASE("dom looks for words between dots, colons, slashes and question marks") {
  for (const char* text : {"ab", ".ab.", "x.ab.y", "x/ab", "x:ab", "ab:80", "x?ab", "ab?"})
    CHECK(matches(Match::domain, "ab", text));
  for (const char* text : {"xab", "abx", ".AB", "x-ab", "a.b", "ab#"}) CHECK_FALSE(matches(Match::domain, "ab", text));
  CHECK(matches(Match::domain, "ab", ".AB", true));
  CHECK(matches(Match::domain, "ab.cd", "x.ab.cd:80"));
  CHECK_FALSE(matches(Match::domain, "ab.cd", "x.ab.cde"));
  CHECK_FALSE(matches(Match::domain, "ab.cd", "ab:cd"));
  CHECK(matches(Match::domain, ".ab", "x.ab"));
}

TEST_CASE("numbers, lengths and what can become one") {
  const Set set(Match::integer, {"1:10", "5:6", "5", ":-3"});
  Value value;
  const auto find = [&](int64_t number) {
    value.set_integer(number);
    return set.find(value);
  };
  CHECK(find(5) == "1:10");
  CHECK(find(-3) == ":-3");
  CHECK(find(0) == "no");
  CHECK(set.find("7x") == "1:10");
  CHECK(set.find("x") == "no");
  CHECK(matches(Match::length, "2:3", "abc"));
  CHECK_FALSE(matches(Match::length, "2:3", "a"));
}

TEST_CASE("found and bool look at no pattern") {
  const Set found(Match::found, {}), truth(Match::boolean, {"0"});
  CHECK(found.find("") == "");
  CHECK(truth.find("2") == "");
  CHECK(truth.find("0") == "no");
  CHECK(truth.find("true") == "no");
}

TEST_CASE("a method that haproxy knows has its case") {
  Value get, own;
  get.set_method("GET");
  own.set_method("Foo");
  CHECK(Set(Match::method, {"GET"}).find(get) == "GET");
  CHECK(Set(Match::method, {"get"}, true).find(get) == "no");
  CHECK(Set(Match::method, {"foo"}, true).find(own) == "foo");
  CHECK(Set(Match::method, {"foo"}).find(own) == "no");
  own.set_method("get");
  CHECK(Set(Match::method, {"get"}, true).find(own) == "get");
  CHECK(Set(Match::method, {"GET"}, true).find(own) == "no");
}

TEST_CASE("bytes are compared as they are") {
  Value bytes;
  bytes.set_binary("abc");
  CHECK(Set(Match::string, {"abc"}).find(bytes) == "abc");
  CHECK(Set(Match::binary, {"616263"}).find(bytes) == "616263");
  CHECK(Set(Match::length, {"3"}).find(bytes) == "3");
  CHECK(Set(Match::substring, {"6162"}).find(bytes) == "no");
}

TEST_CASE("the longest beginning wins, but for -i; ends and the rest are tried in order") {
  CHECK(Set(Match::begin, {"ab", "abc", "a", "abc"}).find("abcd") == "abc");
  CHECK(Set(Match::begin, {"ab", "abc", "a"}).find("ab") == "ab");
  CHECK(Set(Match::begin, {"ab", "abc", "a"}, true).find("abcd") == "ab");
  CHECK(Set(Match::end, {"ab", "cab", "b"}).find("dcab") == "ab");
  CHECK(Set(Match::end, {"cab", "b", "ab"}).find("ab") == "b");
  CHECK(Set(Match::substring, {"b", "abc", "ab"}).find("abc") == "b");
  CHECK(Set(Match::regex, {"^a", "b", "^ab"}).find("ab") == "^a");
  CHECK(Set(Match::domain, {"b.c", "a.b.c"}).find("a.b.c") == "b.c");
}

TEST_CASE("the longest network wins, then IPv4 in IPv6 and the other way, then masks with gaps") {
  const Set set(Match::ip, {"10.1.2.3/8", "10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "10.255.0.0/255.255.0.255"});
  CHECK(set.find_ip("10.1.0.1") == "10.1.0.0/16");
  CHECK(set.find_ip("10.2.0.1") == "10.1.2.3/8");
  CHECK(set.find_ip("10.255.3.0") == "10.1.2.3/8");
  CHECK(set.find_ip("::ffff:10.1.0.1") == "10.1.0.0/16");
  CHECK(set.find_ip("::1") == "0.0.0.0/0");
  CHECK(set.find_ip("2001::1") == "no");
  const Set both(Match::ip, {"::ffff:10.1.0.0/112", "10.0.0.0/8", "2002:a01::/32", "::/0"});
  CHECK(both.find_ip("10.1.0.1") == "10.0.0.0/8");
  CHECK(both.find_ip("::ffff:10.1.0.1") == "::ffff:10.1.0.0/112");
  CHECK(both.find_ip("2002:a01:1::1") == "2002:a01::/32");
  CHECK(both.find_ip("2002:a02::1") == "::/0");
  const Set narrow(Match::ip, {"10.0.0.0/8"});
  for (const char* text : {"10.1.0.1", "::ffff:10.1.0.1", "2002:a01:1::1", "::10.1.0.1"})
    CHECK(narrow.find_ip(text) == "10.0.0.0/8");
  CHECK(Set(Match::ip, {"::ffff:10.1.0.0/112"}).find_ip("10.1.0.1") == "::ffff:10.1.0.0/112");
  CHECK(Set(Match::ip, {"2002:a01::/32"}).find_ip("10.1.0.1") == "no");
  const Set gaps(Match::ip, {"1.0.0.0/255.0.0.255", "1.0.2.0/255.0.255.0", "::ffff:1.4.0.0/112"});
  CHECK(gaps.find_ip("1.3.2.0") == "1.0.0.0/255.0.0.255");
  CHECK(gaps.find_ip("1.3.2.1") == "1.0.2.0/255.0.255.0");
  CHECK(gaps.find_ip("1.4.2.1") == "::ffff:1.4.0.0/112");
  CHECK(gaps.find_ip("::1.3.2.1") == "1.0.2.0/255.0.255.0");
  CHECK(set.find("10.1.0.1") == "10.1.0.0/16");
  CHECK(set.find("x") == "no");
}

TEST_CASE("a host stays what it was when its entry came") {
  uint32_t address = 0x0a000001;
  PatternList list;
  const auto set = *list.compile({.match = Match::ip, .resolve = [&](std::string_view name) {
                                    return name == "host" ? std::optional(address) : std::nullopt;
                                  }});
  CHECK(list.add("host"));
  CHECK_FALSE(list.add("other"));
  address = 0x0a000002;
  Scratch scratch;
  CHECK(set->find(ip_value("10.0.0.1"), scratch));
  CHECK(list.erase("host") == 1);
  CHECK_FALSE(set->find(ip_value("10.0.0.1"), scratch));
}

namespace {

/// A list without an index.
class Naive {
 public:
  Naive(Match match, bool ignore_case) : match_(match), ignore_case_(ignore_case) {}

  const PatternEntry* find(const PatternList& list, const Value& value) const {
    const PatternEntry* best = nullptr;
    for (const PatternEntry* each = list.next(0, 0); each; each = list.next(0, list.id_of(*each)))
      if (matches(each->pattern(), value) && (!best || length(*each) > length(*best))) best = each;
    return best;
  }

 private:
  /// What makes a later entry win.
  size_t length(const PatternEntry& entry) const {
    if (match_ == Match::begin && !ignore_case_) return entry.pattern().size();
    if (match_ == Match::ip) return std::stoul(std::string(entry.pattern().substr(entry.pattern().find('/') + 1)));
    return 0;
  }
  bool matches(std::string_view given, const Value& value) const {
    if (match_ == Match::integer) {
      const size_t colon = given.find(':');
      const auto low = std::stoll(std::string(given.substr(0, colon))),
                 high = std::stoll(std::string(given.substr(colon + 1)));
      return low <= value.number && value.number <= high;
    }
    if (match_ == Match::ip) {
      const auto bits = std::stoul(std::string(given.substr(given.find('/') + 1)));
      const Value network = ip_value(given.substr(0, given.find('/')));
      if (network.type != value.type) return false;
      for (size_t i = 0; i < bits; ++i)
        if ((network.ip[i / 8] ^ value.ip[i / 8]) >> (7 - i % 8) & 1) return false;
      return true;
    }
    const std::string pattern = plain(given), text = plain(value.text);
    if (match_ == Match::string) return pattern == text;
    if (match_ == Match::begin) return text.starts_with(pattern);
    if (match_ == Match::end) return text.ends_with(pattern);
    return text.find(pattern) != text.npos;
  }
  std::string plain(std::string_view text) const {
    std::string result(text);
    if (ignore_case_) std::transform(result.begin(), result.end(), result.begin(), tolower);
    return result;
  }
  const Match match_;
  const bool ignore_case_;
};

class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned end) { return std::uniform_int_distribution<unsigned>(0, end - 1)(engine_); }

  std::string text() {
    std::string result(1 + below(6), ' ');
    for (char& each : result) each = "abAB"[below(4)];
    return result;
  }
  std::string pattern(Match match) {
    if (match == Match::integer) {
      const int low = static_cast<int>(below(100));
      return std::to_string(low) + ":" + std::to_string(low + static_cast<int>(below(below(4) ? 3 : 60)));
    }
    if (match != Match::ip) return text();
    // Networks without bits behind the mask: the plain list needs not cut them off.
    if (below(3) == 0) return address6(2 * below(2)) + "/" + std::to_string(97 + below(2) * 31);
    const unsigned bits = 8 * below(5);
    std::string result;
    for (unsigned i = 0; i < 4; ++i) result += (i ? "." : "") + std::to_string(i * 8 < bits ? below(3) : 0);
    return result + "/" + std::to_string(bits);
  }
  Value value(Match match) {
    Value value;
    if (match == Match::integer) {
      value.set_integer(below(170));
    } else if (match == Match::ip) {
      std::string ip = address6(below(4));
      if (below(3)) {
        ip.clear();
        for (int i = 0; i < 4; ++i) ip += (i ? "." : "") + std::to_string(below(3));
      }
      value.set_address(Address::parse_ip(ip));
    } else {
      texts_.push_back(text());
      value.set_string(texts_.back());
    }
    return value;
  }

 private:
  static std::string address6(unsigned last) { return "2001:db8::" + std::to_string(last); }
  std::mt19937 engine_;
  std::deque<std::string> texts_;
};

}  // namespace

TEST_CASE("every index finds what a plain list finds, whatever came and went") {
  const auto match = GENERATE(Match::string, Match::begin, Match::end, Match::substring, Match::integer, Match::ip);
  const bool ignore_case = GENERATE(false, true);
  const bool loaded = GENERATE(false, true);
  Chance chance(static_cast<unsigned>(match) * 4 + ignore_case * 2 + loaded);
  PatternList list("f");
  if (loaded) {
    std::string text;
    for (int i = 0; i < 200; ++i) text += chance.pattern(match) + "\n";
    list.load(text, PatternList::Lines::patterns);
  }
  const auto set = *list.compile({.match = match, .ignore_case = ignore_case});
  const Naive naive(match, ignore_case);
  Scratch scratch;
  for (int round = 0; round < 240; ++round) {
    const unsigned what = chance.below(10);
    // It grows, shrinks to nothing, and grows again.
    if (what < (round / 80 == 1 ? 2 : 6)) {
      REQUIRE(list.add(chance.pattern(match), "v"));
    } else if (what < 8) {
      list.erase(chance.pattern(match));
    } else if (const PatternEntry* entry = list.next(0, 0)) {
      uint64_t id = list.id_of(*entry);
      for (unsigned skip = chance.below(10); skip > 0; --skip)
        if (const PatternEntry* next = list.next(0, id)) id = list.id_of(*next);
      if (what == 8)
        REQUIRE(list.erase(id));
      else
        REQUIRE(*list.set(id, "w"));
    }
    for (int i = 0; i < 5; ++i) {
      const Value value = chance.value(match);
      const PatternEntry *expected = naive.find(list, value), *found = set->find(value, scratch);
      if (found == expected) continue;
      INFO(name_of(match) << " " << value.text << " " << value.number << " round " << round);
      REQUIRE((found ? found->pattern() : "nothing") == (expected ? expected->pattern() : "nothing"));
      REQUIRE(found == expected);
    }
    [[maybe_unused]] const Leftovers freed_at_once = list.leftovers();
  }
}

TEST_CASE("readers look while entries come and go") {
  const auto match = GENERATE(Match::string, Match::begin, Match::end, Match::integer, Match::ip, Match::substring);
  PatternList list("f");
  const auto set = *list.compile({.match = match});
  const std::string_view stays = match == Match::integer ? "1:9" : match == Match::ip ? "10.0.0.0/7" : "stay";
  REQUIRE(list.add(stays));
  Value value;
  if (match == Match::integer)
    value.set_integer(5);
  else if (match == Match::ip)
    value = ip_value("10.1.1.1");
  else
    value.set_string("stay");
  std::atomic<bool> over = false;
  std::atomic<int> wrong = 0;
  std::thread reader([&] {
    Scratch scratch;
    while (!over) {
      const PatternEntry* entry = set->find(value, scratch);
      if (!entry || entry->pattern() != stays) ++wrong;
    }
  });
  Chance chance(1);
  std::vector<Leftovers> until_the_end;
  for (int i = 0; i < 3000; ++i) {
    std::string pattern = chance.pattern(match);
    if (match == Match::ip) pattern = "10." + std::to_string(200 + chance.below(50)) + ".0.0/16";
    if (chance.below(2))
      REQUIRE(list.add(pattern));
    else if (pattern != stays)
      list.erase(pattern);
    if (i % 100 == 0) {
      const uint32_t next = list.prepare();
      REQUIRE(list.add(stays, {}, next));
      REQUIRE(list.commit(next));
    }
    until_the_end.push_back(list.leftovers());
  }
  over = true;
  reader.join();
  CHECK(wrong == 0);
}
