#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <ddbproxy/keywords.h>

using namespace ddbproxy;

namespace {

/// All that the good configurations say: the beginnings of their lines, of up to three words, and the words of bind and
/// server lines.
struct Said {
  std::set<std::string> beginnings, bind_words, server_words;
};

void note(const std::string& line, Said& said) {
  std::istringstream in(line);
  std::string word, beginning;
  for (int count = 0; in >> word; ++count) {
    if (count == 0 && word == "no") {
      --count;
      continue;
    }
    // Actions, and steps of checks, have their argument in brackets: set-var(txn.x).
    const bool bracketed = beginning.starts_with("tcp-re") || beginning.find("-check") != beginning.npos;
    const std::string name = bracketed ? word.substr(0, word.find('(')) : word;
    if (count < 3) said.beginnings.insert(beginning += (count ? " " : "") + name);
    if (beginning.starts_with("bind") || beginning.starts_with("stats socket")) said.bind_words.insert(word);
    if (beginning.starts_with("server") || beginning.starts_with("default-server")) said.server_words.insert(word);
  }
}

/// The test runs in the folder of the build or in that of the project.
Said read_good_configurations() {
  Said said;
  auto folder = std::filesystem::path(__FILE__).parent_path() / "../../configs/good";
  if (!std::filesystem::exists(folder)) folder = "test/configs/good";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) note(line, said);
  }
  return said;
}

}  // namespace

TEST_CASE("every keyword that is carried out stands in a good configuration") {
  const Said said = read_good_configurations();
  REQUIRE_FALSE(said.beginnings.empty());
  for (const KeywordInfo& keyword : keywords()) {
    if (keyword.support != Support::yes) continue;
    // haproxy warns of it without retry-on, which needs HTTP.
    if (keyword.kind == "server option" && keyword.name == "tfo") continue;
    // One that is named must be there; test/e2e/bind/namespace_test.py makes some.
    if (keyword.kind == "bind option" && keyword.name == "namespace") continue;
    const auto& words = keyword.kind == "bind option"     ? said.bind_words
                        : keyword.kind == "server option" ? said.server_words
                                                          : said.beginnings;
    if (!words.count(std::string(keyword.name))) FAIL_CHECK(keyword.kind << " '" << keyword.name << "'");
  }
}

TEST_CASE("every keyword says what it is for, and planned ones where they may stand") {
  std::set<std::string> seen;
  for (const KeywordInfo& keyword : keywords()) {
    INFO(keyword.kind << " '" << keyword.name << "'");
    CHECK(keyword.doc.ends_with('.'));
    CHECK_FALSE(keyword.sections.empty());
    CHECK(seen.insert(std::string(keyword.kind) + "/" + std::string(keyword.name) + "/" + std::string(keyword.sections))
              .second);
  }
}
