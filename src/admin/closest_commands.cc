#include "admin/closest_commands.h"

#include <algorithm>
#include <array>
#include <climits>
#include <fmt/format.h>

#include "base/text.h"

namespace ddbproxy::admin {
namespace {

constexpr size_t most_commands = 5;
/// `help`, `prompt` and `quit`: the last rows, always listed.
constexpr size_t always = 3;

size_t common_words(const Command& command, std::span<const std::string> words) {
  const auto own = base::split(command.words, ' ');
  size_t count = 0;
  while (count < own.size() && count < words.size() && own[count] == words[count]) ++count;
  return count;
}

/// How often each letter follows each other one: words with the same pairs look alike.
class Pairs {
 public:
  void add(std::string_view word, int weight) {
    int from = edge;
    for (char c : word) {
      const int to = kind(c);
      count(from, to) += weight;
      from = to;
    }
    count(from, edge) += weight;
  }
  int distance() const {
    int sum = 0;
    for (int n : counts_) sum += n * n;
    return sum;
  }

 private:
  static constexpr int edge = 0, kinds = 29;
  static int kind(char c) {
    if (c >= 'a' && c <= 'z') return c - 'a' + 1;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 1;
    return c >= '0' && c <= '9' ? 27 : 28;
  }
  int& count(int from, int to) { return counts_[static_cast<size_t>(from * kinds + to)]; }

  std::array<int, kinds * kinds> counts_{};
};

int distance(const Command& command, size_t common, std::span<const std::string> words) {
  Pairs pairs;
  const auto own = base::split(command.words, ' ');
  for (size_t i = common; i < own.size(); ++i) pairs.add(own[i], 1);
  for (size_t i = common; i < words.size() && i < own.size(); ++i) pairs.add(words[i], -1);
  return pairs.distance();
}

}  // namespace

std::vector<size_t> closest_commands(std::span<const Command> all, const Client& client,
                                     std::span<const std::string> words) {
  size_t common = 0;
  for (const Command& command : all)
    if (visible(command, client)) common = std::max(common, common_words(command, words));

  std::vector<std::pair<int, size_t>> candidates;
  for (size_t i = 0; i + always < all.size(); ++i) {
    if (!visible(all[i], client) || common_words(all[i], words) < common) continue;
    candidates.emplace_back(words.size() > common ? distance(all[i], common, words) : 0, i);
  }
  if (words.size() > common && candidates.size() > most_commands) {
    std::stable_sort(candidates.begin(), candidates.end(), [](auto& a, auto& b) { return a.first < b.first; });
    candidates.resize(most_commands);
  }
  std::vector<size_t> found;
  for (const auto& [distance, index] : candidates) found.push_back(index);
  std::sort(found.begin(), found.end());
  for (size_t i = all.size() - always; i < all.size(); ++i) found.push_back(i);
  return found;
}

std::string help_line(const Command& command) { return fmt::format("  {:<40}: {}\n", command.usage, command.help); }

}  // namespace ddbproxy::admin
