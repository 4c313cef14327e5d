#include "config/suggest.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace ddbproxy::config {
namespace {

/// How often each letter and each pair of neighbours occurs; a pair with 0 is the beginning.
class Fingerprint {
 public:
  explicit Fingerprint(std::string_view word) {
    unsigned previous = 0;
    for (const char c : word) {
      const unsigned letter = kind(c);
      ++counts_[letter];
      ++counts_[kinds + previous * kinds + letter];
      previous = letter;
    }
  }

  int distance(const Fingerprint& other) const {
    int sum = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      const int difference = counts_[i] - other.counts_[i];
      sum += difference * difference;
    }
    return sum;
  }

 private:
  static constexpr unsigned kinds = 29;  // none, 26 letters, a digit, anything else
  static unsigned kind(char c) {
    if (std::isalpha(static_cast<unsigned char>(c))) return static_cast<unsigned>(std::tolower(c) - 'a') + 1;
    return std::isdigit(static_cast<unsigned char>(c)) ? 27 : 28;
  }
  std::array<int16_t, kinds + kinds * kinds> counts_{};
};

}  // namespace

Suggestion::Suggestion(std::string_view word) : word_(word) {}

void Suggestion::consider(std::string_view candidate) {
  // A word of quite another length cannot be near: each missing letter alone counts for two.
  const auto longer = std::max(word_.size(), candidate.size()), shorter = std::min(word_.size(), candidate.size());
  const int limit = static_cast<int>(word_.size() + candidate.size()) - 1;
  if (word_.empty() || static_cast<int>(2 * (longer - shorter)) > limit) return;
  const int distance = Fingerprint(word_).distance(Fingerprint(candidate));
  if (distance > limit || (!best_.empty() && distance >= best_distance_)) return;
  best_ = candidate;
  best_distance_ = distance;
}

std::string did_you_mean(std::string_view suggestion) {
  return suggestion.empty() ? std::string() : fmt::format("; did you mean '{}' maybe ?", suggestion);
}

}  // namespace ddbproxy::config
