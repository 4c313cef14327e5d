#include "admin/closest_commands.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>

namespace ddbproxy::admin {
namespace {

constexpr size_t most_commands = 5;
/// `help`, `prompt` and `quit`: the last rows, always listed.
constexpr size_t always = 3;

// clang-format off
/// Which of two equally close commands haproxy 2.6 prefers: the one that stands first here. Found as the bounds below.
constexpr std::string_view preferred[] = {
    "add server", "add ssl crt-list", "clear table", "del server", "del ssl cert", "del ssl crt-list",
    "disable agent", "disable health", "disable server", "enable agent", "enable server", "get weight",
    "new ssl cert", "new ssl crl-file", "prepare acl", "set ssl ca-file", "abort ssl crl-file", "commit ssl crl-file",
    "del ssl ca-file", "set maxconn global", "set profiling", "set ssl crl-file", "del ssl crl-file",
    "set ssl tls-key", "set ssl cert", "set maxconn server", "set timeout", "show activity", "show cli sockets",
    "show resolvers", "show schema json", "show ssl cert", "show servers conn", "show servers state", "show sess",
    "operator", "show backend", "show info", "show stat", "set server", "set weight", "set table", "set rate-limit",
    "show cache", "show peers", "show events", "show pools", "show table", "show cli level", "show env", "show fd",
    "show errors", "show threads", "show tls-keys", "get var", "add acl", "add map", "commit acl", "commit map",
    "get acl", "show tasks", "show version", "show libs", "show acl", "del map", "get map", "set map", "show map",
    "show trace", "shutdown frontend", "user", "clear acl", "clear map", "del acl", "prepare map", "trace",
};
// clang-format on

/// The place of each row of commands() above.
const std::vector<size_t>& preferences() {
  static const std::vector<size_t> all = [] {
    std::vector<size_t> made;
    for (const Command& command : commands())
      made.push_back(static_cast<size_t>(std::ranges::find(preferred, command.words) - preferred));
    return made;
  }();
  return all;
}

constexpr int edge = 0, kinds = 28;
int kind(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a' + 1;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 1;
  return c >= '0' && c <= '9' ? 27 : edge;
}

template <class F>
void for_each_word(std::span<const std::string> words, F f) {
  for (const std::string& word : words) f(word);
}
template <class F>
void for_each_word(std::string_view words, F f) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    f(word);
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
}

/// Calls f with the place of each pair of neighbours in a word. Digits count as one letter; any other sign, and the
/// word's beginning and end, as another.
template <class F>
void for_each_pair(std::string_view word, F f) {
  int before = edge;
  for (const char c : word) {
    f(static_cast<size_t>(before * kinds + kind(c)));
    before = kind(c);
  }
  f(static_cast<size_t>(before * kinds + edge));
}

template <class Words>
uint32_t letters_of(const Words& words) {
  uint32_t letters = 0;
  for_each_word(words, [&](std::string_view word) {
    for (const char c : word) letters |= 1U << kind(c);
  });
  return letters;
}

template <class Words>
int length_of(const Words& words) {
  size_t length = 0;
  for_each_word(words, [&](std::string_view word) { length += word.size(); });
  return static_cast<int>(length);
}

/// What some words look like: which letters they have, and how often one follows another.
class Look {
 public:
  explicit Look(std::span<const std::string> words) : letters_(letters_of(words)), length_(length_of(words)) {
    for_each_word(words, [&](std::string_view word) {
      for_each_pair(word, [&](size_t pair) {
        ++pairs_[pair];
        ++own_;
      });
    });
  }

  int length() const { return length_; }
  /// The sum of the differences: only the pairs of the others can make another than the words' own.
  int distance(std::string_view others) {
    int sum = own_ + std::popcount(letters_ ^ letters_of(others));
    for_each_word(others, [&](std::string_view word) {
      for_each_pair(word, [&](size_t pair) { sum += pairs_[pair]-- > 0 ? -1 : 1; });
    });
    for_each_word(others, [&](std::string_view word) { for_each_pair(word, [&](size_t pair) { ++pairs_[pair]; }); });
    return sum;
  }

 private:
  std::array<int, kinds * kinds> pairs_{};
  int own_ = 0;  // how many pairs
  uint32_t letters_;
  int length_;
};

}  // namespace

std::vector<size_t> closest_commands(const Client& client, std::span<const std::string> words) {
  const std::span<const Command> all = commands();
  struct Candidate {
    int how_far;
    size_t index;
    std::string_view rest;
  };
  // Those that begin with as many of the words as any does.
  std::vector<Candidate> candidates;
  size_t most_common = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!visible(all[i], client)) continue;
    const CommonWords common = common_words(all[i], words);
    if (common.count < most_common) continue;
    if (common.count > most_common) candidates.clear();
    most_common = common.count;
    if (i + always < all.size()) candidates.push_back({0, i, common.rest});
  }

  const bool all_matched = words.size() == most_common;
  if (!all_matched) {
    // The bounds were found by asking haproxy 2.6 some five hundred times; they give its lists.
    Look wanted(words.subspan(most_common));
    std::erase_if(candidates, [&](Candidate& candidate) {
      candidate.how_far = wanted.distance(candidate.rest);
      return candidate.how_far >= 5 * (wanted.length() + length_of(candidate.rest)) / 2;
    });
    const auto& preference = preferences();
    std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
      if (a.how_far != b.how_far) return a.how_far < b.how_far;
      return preference[a.index] < preference[b.index];
    });
    if (candidates.size() > most_commands) candidates.resize(most_commands);
    std::erase_if(candidates, [best = candidates.empty() ? 0 : candidates[0].how_far](const Candidate& candidate) {
      return 2 * candidate.how_far > 5 * best;
    });
  }
  std::vector<size_t> found;
  for (const Candidate& candidate : candidates) found.push_back(candidate.index);
  std::sort(found.begin(), found.end());
  for (size_t i = all.size() - always; i < all.size(); ++i) found.push_back(i);
  return found;
}

std::string help_line(const Command& command) { return fmt::format("  {:<40}: {}\n", command.usage, command.help); }

}  // namespace ddbproxy::admin
