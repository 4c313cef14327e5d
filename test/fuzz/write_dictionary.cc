// Prints the configuration's vocabulary as a libFuzzer dictionary, from the keyword rows.
#include <cstdio>
#include <set>
#include <string>

#include <ddbproxy/keywords.h>

int main() {
  std::set<std::string, std::less<>> words{"global", "defaults", "frontend", "backend", "listen", "\\x0a", "\\x0a    "};
  for (const auto& keyword : ddbproxy::keywords()) {
    for (const std::string_view text : {keyword.name, keyword.syntax}) {
      // Single words of a syntax: what stands between the marks of "[ ] < > | { }".
      std::string word;
      for (const char c : text) {
        if (std::string_view("[]<>|{} ,()*").find(c) == std::string_view::npos) {
          word += c;
          continue;
        }
        words.insert(word);
        word.clear();
      }
      words.insert(word);
    }
  }
  words.erase("");
  for (const std::string& word : words) std::printf("\"%s\"\n", word.c_str());
}
