#include <algorithm>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "admin/command.h"
#include "sample/pattern_list.h"
#include "talk.h"

using namespace ddbproxy;
using namespace ddbproxy::admin;

namespace {

constexpr int many = 5000;

/// A map of so many keys, with the id 4.
std::shared_ptr<const model::Model> model_with(std::shared_ptr<sample::PatternList>& list) {
  std::string text;
  for (int i = 0; i < many; ++i) text += fmt::format("key{} value\n", i);
  list = std::make_shared<sample::PatternList>("f.map");
  list->load(std::move(text), sample::PatternList::Lines::keys_and_values);
  auto made = std::make_shared<model::Model>();
  made->pattern_lists.push_back({4, list, "described", false, true});
  return made;
}

size_t lines(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace

TEST_CASE("a version stands in front of the arguments and is not one of them") {
  Talk talk;
  CHECK(talk.say("clear map @1\n") == "Missing map identifier.\n\n");
  CHECK(talk.say("clear map @1 x\n") == "Unknown map identifier. Please use #<id> or <file>.\n\n");
  CHECK(talk.say("commit map x\n") == "Missing version number.\n\n");
  CHECK(talk.say("commit map @1\n") == "Missing map identifier.\n\n");
}

TEST_CASE("a payload takes the place of a map's key and value") {
  Talk talk;
  CHECK(talk.say("add map x\n").starts_with("'add map' expects three parameters"));
  CHECK(talk.say("add map x <<\na b\n\n") == "Unknown map identifier. Please use #<id> or <file>.\n\n");
}

TEST_CASE("a list is known by its id and its file, and only to its commands") {
  std::shared_ptr<sample::PatternList> list;
  Talk talk(model::CliLevel::user, nullptr, model_with(list));
  CHECK(talk.say("show map\n") ==
        "# id (file) description\n4 (f.map) described. curr_ver=0 next_ver=0 entry_cnt=0\n\n");
  CHECK(talk.say("show acl\n") == "# id (file) description\n\n");
  CHECK(talk.say("prepare map #4\n") == "New version created: 1\n\n");
  CHECK(talk.say("prepare map f.map\n") == "New version created: 2\n\n");
  CHECK(talk.say("prepare acl #4\n") == "Unknown ACL identifier. Please use #<id> or <file>.\n\n");
}

TEST_CASE("a long list comes in pieces, and finds its place again when entries have gone") {
  std::shared_ptr<sample::PatternList> list;
  Talk talk(model::CliLevel::admin, nullptr, model_with(list));
  const std::vector<std::string> words{"show", "map", "#4"};
  Client client;
  Call call{words, {}, client, talk.runtime};
  const Answer answer = execute(call);
  std::string shown;
  CHECK(answer.more(shown));
  const size_t first = lines(shown);
  CHECK(first < many / 5);
  for (size_t i = 0; i < first + 3; ++i) CHECK(list->erase(fmt::format("key{}", i)) == 1);
  CHECK(list->add("behind", "all"));
  shown.clear();
  CHECK(answer.more(shown));
  CHECK(shown.substr(shown.find(' ')).starts_with(fmt::format(" key{} value\n", first + 3)));
  size_t rest = lines(shown);
  for (bool more = true; more; rest += lines(shown)) {
    shown.clear();
    more = answer.more(shown);
  }
  CHECK(rest == many - first - 3 + 1);
  CHECK(shown.ends_with(" behind all\n"));
}
