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

/// Whether words at this distance are near, the shorter having so many letters.
bool near(size_t distance, size_t letters) { return 4 * distance + 3 <= 9 * letters; }

}  // namespace

Suggestion::Suggestion(std::string_view word) : word_(word) {}

void Suggestion::consider(std::string_view candidate) {
  const size_t shorter = std::min(word_.size(), candidate.size());
  const size_t longer = std::max(word_.size(), candidate.size());
  // Each letter that only one of them has costs at least two: most candidates need no closer look.
  if (!near(2 * (longer - shorter), shorter)) return;
  const int distance = Fingerprint(word_).distance(Fingerprint(candidate));
  if (!near(static_cast<size_t>(distance), shorter) || (!best_.empty() && distance >= best_distance_)) return;
  best_ = candidate;
  best_distance_ = distance;
}

void suggest_of(Diagnostic& diagnostic, std::string_view word, std::span<const std::string_view> known) {
  Suggestion suggestion(word);
  for (const std::string_view each : known) suggestion.consider(each);
  diagnostic.suggestion = suggestion.best();
}

std::string did_you_mean(std::string_view suggestion) {
  return suggestion.empty() ? std::string() : fmt::format("; did you mean '{}' maybe ?", suggestion);
}

}  // namespace ddbproxy::config
