#include "config/suggest.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace ddbproxy::config {
namespace {

// A letter's kind: none, 26 letters, a digit, anything else.
constexpr unsigned kinds = 29;
unsigned kind(char c) {
  if (std::isalpha(static_cast<unsigned char>(c))) return static_cast<unsigned>(std::tolower(c) - 'a') + 1;
  return std::isdigit(static_cast<unsigned char>(c)) ? 27 : 28;
}

/// Calls f with the place in the fingerprint of each letter and of each pair of neighbours; a pair with 0 is the
/// beginning.
template <class F>
void for_each_place(std::string_view word, F f) {
  unsigned previous = 0;
  for (const char c : word) {
    const unsigned letter = kind(c);
    f(letter);
    f(kinds + previous * kinds + letter);
    previous = letter;
  }
}

/// Whether words at this distance are near, the shorter having so many letters.
bool near(size_t distance, size_t letters) { return 4 * distance + 3 <= 9 * letters; }

}  // namespace

Suggestion::Suggestion(std::string_view word) : word_(word) {
  static_assert(std::tuple_size_v<decltype(counts_)> == kinds + kinds * kinds);
  for_each_place(word, [this](size_t place) { own_ += 2 * counts_[place]++ + 1; });
}

/// The sum of the squares of the differences: only the candidate's places can make another than the word's own.
int Suggestion::distance(std::string_view candidate) {
  int sum = own_;
  for_each_place(candidate, [&](size_t place) { sum += 1 - 2 * counts_[place]--; });
  for_each_place(candidate, [&](size_t place) { ++counts_[place]; });
  return sum;
}

void Suggestion::consider(std::string_view candidate) {
  const size_t shorter = std::min(word_.size(), candidate.size());
  const size_t longer = std::max(word_.size(), candidate.size());
  // Each letter that only one of them has costs at least two: most candidates need no closer look.
  if (!near(2 * (longer - shorter), shorter)) return;
  const int distance = this->distance(candidate);
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
