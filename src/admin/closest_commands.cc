#include "admin/closest_commands.h"

#include <algorithm>
#include <array>
#include <cstdlib>
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

/// What some words look like: which letters they have, and how often one follows another. Digits count as one letter;
/// any other sign, and a word's beginning and end, as another.
class Look {
 public:
  void add(std::string_view word) {
    int from = edge;
    for (char c : word) {
      const int to = kind(c);
      has_[static_cast<size_t>(to)] = 1;
      ++pair(from, to);
      from = to;
    }
    ++pair(from, edge);
    length_ += static_cast<int>(word.size());
  }
  int length() const { return length_; }

  friend int distance(const Look& a, const Look& b) {
    int sum = 0;
    for (size_t i = 0; i < a.has_.size(); ++i) sum += std::abs(a.has_[i] - b.has_[i]);
    for (size_t i = 0; i < a.pairs_.size(); ++i) sum += std::abs(a.pairs_[i] - b.pairs_[i]);
    return sum;
  }

 private:
  static constexpr int edge = 0, kinds = 28;
  static int kind(char c) {
    if (c >= 'a' && c <= 'z') return c - 'a' + 1;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 1;
    return c >= '0' && c <= '9' ? 27 : edge;
  }
  int& pair(int from, int to) { return pairs_[static_cast<size_t>(from * kinds + to)]; }

  std::array<int, kinds> has_{};
  std::array<int, kinds * kinds> pairs_{};
  int length_ = 0;
};

template <class Words>
Look look_of(const Words& words, size_t from) {
  Look look;
  for (size_t i = from; i < words.size(); ++i) look.add(words[i]);
  return look;
}

}  // namespace

std::vector<size_t> closest_commands(std::span<const Command> all, const Client& client,
                                     std::span<const std::string> words) {
  size_t common = 0;
  for (const Command& command : all)
    if (visible(command, client)) common = std::max(common, common_words(command, words));

  // The bounds were found by asking haproxy 2.6 some five hundred times; they give its lists.
  const bool all_matched = words.size() == common;
  const Look wanted = look_of(words, common);
  std::vector<std::pair<int, size_t>> candidates;
  for (size_t i = 0; i + always < all.size(); ++i) {
    if (!visible(all[i], client) || common_words(all[i], words) < common) continue;
    const Look own = look_of(base::split(all[i].words, ' '), common);
    const int how_far = all_matched ? 0 : distance(wanted, own);
    if (all_matched || how_far < 5 * (wanted.length() + own.length()) / 2) candidates.emplace_back(how_far, i);
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
