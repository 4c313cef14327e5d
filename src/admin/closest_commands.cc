#include "admin/closest_commands.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>

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

constexpr int edge = 0, kinds = 28;
int kind(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a' + 1;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 1;
  return c >= '0' && c <= '9' ? 27 : edge;
}

/// What some words look like: which letters they have, and which follows which.
struct Shape {
  uint32_t letters = 0;
  int length = 0;
  /// Pairs of neighbours. Digits count as one letter; any other sign, and a word's beginning and end, as another.
  std::vector<uint16_t> pairs;

  template <class Words>
  Shape(const Words& words, size_t from) {
    for (size_t i = from; i < words.size(); ++i) {
      int before = edge;
      for (const char c : words[i]) {
        letters |= 1U << kind(c);
        pairs.push_back(static_cast<uint16_t>(before * kinds + kind(c)));
        before = kind(c);
      }
      pairs.push_back(static_cast<uint16_t>(before * kinds + edge));
      length += static_cast<int>(words[i].size());
    }
  }
};

/// What is known of each row of commands() before anybody asks.
struct KnownRow {
  size_t preference;          // its place above
  std::vector<Shape> behind;  // of its words behind the first 0, 1, 2, ...
};
const std::vector<KnownRow>& known_rows() {
  static const std::vector<KnownRow> made = [] {
    std::vector<KnownRow> all;
    for (const Command& command : commands()) {
      KnownRow& row = all.emplace_back();
      row.preference = static_cast<size_t>(std::ranges::find(preferred, command.words) - preferred);
      const auto words = base::split(command.words, ' ');
      for (size_t from = 0; from <= words.size(); ++from) row.behind.emplace_back(words, from);
    }
    return all;
  }();
  return made;
}

/// The words that were meant to be a command's.
class Wanted {
 public:
  Wanted(std::span<const std::string> words, size_t from) : shape_(words, from) {
    for (const uint16_t pair : shape_.pairs) ++counts_[pair];
  }

  int length() const { return shape_.length; }
  /// A bound of distance() that is found at a glance.
  int least_distance(const Shape& other) const {
    return std::abs(static_cast<int>(shape_.pairs.size()) - static_cast<int>(other.pairs.size())) +
           std::popcount(shape_.letters ^ other.letters);
  }
  /// The sum of the differences: only the pairs of the other can make another than these words' own.
  int distance(const Shape& other) {
    int sum = static_cast<int>(shape_.pairs.size()) + std::popcount(shape_.letters ^ other.letters);
    for (const uint16_t pair : other.pairs) sum += counts_[pair]-- > 0 ? -1 : 1;
    for (const uint16_t pair : other.pairs) ++counts_[pair];
    return sum;
  }

 private:
  Shape shape_;
  std::array<int, kinds * kinds> counts_{};  // how often each pair is there
};

}  // namespace

std::vector<size_t> closest_commands(const Client& client, std::span<const std::string> words) {
  const std::span<const Command> all = commands();
  struct Candidate {
    int how_far;
    size_t index;
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
    if (i + always < all.size()) candidates.push_back({0, i});
  }

  const bool all_matched = words.size() == most_common;
  if (!all_matched) {
    // The bounds were found by asking haproxy 2.6 some five hundred times; they give its lists.
    Wanted wanted(words, most_common);
    std::array<int, most_commands> nearest;
    nearest.fill(std::numeric_limits<int>::max());
    std::erase_if(candidates, [&](Candidate& candidate) {
      const Shape& shape = known_rows()[candidate.index].behind[most_common];
      if (wanted.least_distance(shape) > nearest.back()) return true;  // it would not be among the first
      candidate.how_far = wanted.distance(shape);
      if (candidate.how_far >= 5 * (wanted.length() + shape.length) / 2) return true;
      if (candidate.how_far < nearest.back()) {
        nearest.back() = candidate.how_far;
        std::sort(nearest.begin(), nearest.end());
      }
      return false;
    });
    std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
      if (a.how_far != b.how_far) return a.how_far < b.how_far;
      return known_rows()[a.index].preference < known_rows()[b.index].preference;
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
