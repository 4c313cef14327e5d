#include "admin/closest_commands.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>

#include "base/text.h"

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

size_t preference(const Command& command) {
  return static_cast<size_t>(std::find(std::begin(preferred), std::end(preferred), command.words) - preferred);
}

size_t common_words(const Command& command, std::span<const std::string> words) {
  const auto own = base::split(command.words, ' ');
  size_t count = 0;
  while (count < own.size() && count < words.size() && own[count] == words[count]) ++count;
  return count;
}

constexpr int edge = 0, kinds = 28;
int kind(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a' + 1;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 1;
  return c >= '0' && c <= '9' ? 27 : edge;
}

/// Calls f with the place of each pair of neighbours in these words. Digits count as one letter; any other sign, and a
/// word's beginning and end, as another.
template <class Words, class F>
void for_each_pair(const Words& words, size_t from, F f) {
  for (size_t i = from; i < words.size(); ++i) {
    int before = edge;
    for (const char c : words[i]) {
      f(static_cast<size_t>(before * kinds + kind(c)));
      before = kind(c);
    }
    f(static_cast<size_t>(before * kinds + edge));
  }
}

template <class Words>
uint32_t letters_of(const Words& words, size_t from) {
  uint32_t letters = 0;
  for (size_t i = from; i < words.size(); ++i)
    for (const char c : words[i]) letters |= 1U << kind(c);
  return letters;
}

template <class Words>
int length_of(const Words& words, size_t from) {
  size_t length = 0;
  for (size_t i = from; i < words.size(); ++i) length += words[i].size();
  return static_cast<int>(length);
}

/// What some words look like: which letters they have, and how often one follows another.
class Look {
 public:
  template <class Words>
  Look(const Words& words, size_t from) : letters_(letters_of(words, from)), length_(length_of(words, from)) {
    for_each_pair(words, from, [this](size_t pair) {
      ++pairs_[pair];
      ++own_;
    });
  }

  int length() const { return length_; }
  /// The sum of the differences: only the pairs of the others can make another than the words' own.
  template <class Words>
  int distance(const Words& others, size_t from) {
    int sum = own_ + std::popcount(letters_ ^ letters_of(others, from));
    for_each_pair(others, from, [&](size_t pair) { sum += pairs_[pair]-- > 0 ? -1 : 1; });
    for_each_pair(others, from, [&](size_t pair) { ++pairs_[pair]; });
    return sum;
  }

 private:
  std::array<int, kinds * kinds> pairs_{};
  int own_ = 0;  // how many pairs
  uint32_t letters_;
  int length_;
};

}  // namespace

std::vector<size_t> closest_commands(std::span<const Command> all, const Client& client,
                                     std::span<const std::string> words) {
  size_t common = 0;
  for (const Command& command : all)
    if (visible(command, client)) common = std::max(common, common_words(command, words));

  // The bounds were found by asking haproxy 2.6 some five hundred times; they give its lists.
  const bool all_matched = words.size() == common;
  Look wanted(words, common);
  std::vector<std::pair<int, size_t>> candidates;
  for (size_t i = 0; i + always < all.size(); ++i) {
    if (!visible(all[i], client) || common_words(all[i], words) < common) continue;
    const auto own = base::split(all[i].words, ' ');
    const int how_far = all_matched ? 0 : wanted.distance(own, common);
    if (all_matched || how_far < 5 * (wanted.length() + length_of(own, common)) / 2)
      candidates.emplace_back(how_far, i);
  }
  if (!all_matched) {
    std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
      if (a.first != b.first) return a.first < b.first;
      return preference(all[a.second]) < preference(all[b.second]);
    });
    if (candidates.size() > most_commands) candidates.resize(most_commands);
    std::erase_if(candidates, [best = candidates.empty() ? 0 : candidates[0].first](const auto& candidate) {
      return 2 * candidate.first > 5 * best;
    });
  }
  std::vector<size_t> found;
  for (const auto& [how_far, index] : candidates) found.push_back(index);
  std::sort(found.begin(), found.end());
  for (size_t i = all.size() - always; i < all.size(); ++i) found.push_back(i);
  return found;
}

std::string help_line(const Command& command) { return fmt::format("  {:<40}: {}\n", command.usage, command.help); }

}  // namespace ddbproxy::admin
