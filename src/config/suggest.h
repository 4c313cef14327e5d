// Which known word a misspelt one was probably meant to be.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/keyword.h"

namespace ddbproxy::config {

/// Compares candidates with one word by the letters and the pairs of neighbouring letters that they share: 2.6 chooses
/// so, as its answers to some thousand misspellings show.
class Suggestion {
 public:
  explicit Suggestion(std::string_view word);

  void consider(std::string_view candidate);
  /// The nearest candidate, the first of several; empty when none is near.
  std::string_view best() const { return best_; }

 private:
  int distance(std::string_view candidate);

  std::array<int16_t, 870> counts_{};  // how often each letter and each pair of neighbours occurs in the word
  int own_ = 0;                        // the sum of their squares
  std::string_view word_;
  std::string_view best_;
  int best_distance_ = 0;
};

/// The nearest first word of several tables; `more` are further candidates.
template <class Target>
std::string_view suggest(std::string_view word, std::span<const Table<Target>* const> tables,
                         std::span<const std::string_view> more = {}) {
  Suggestion suggestion(word);
  for (const auto* first : tables)
    for (const auto* table = first; table; table = table->next) {
      if (table->kind == "obsolete") continue;
      for (const auto& row : table->rows) suggestion.consider(row.name);
    }
  for (const std::string_view candidate : more) suggestion.consider(candidate);
  return suggestion.best();
}

/// Gives a message about `word` the nearest of the words that may stand there.
void suggest_of(Diagnostic& diagnostic, std::string_view word, std::span<const std::string_view> known);

/// "; did you mean 'X' maybe ?", or nothing without a suggestion.
std::string did_you_mean(std::string_view suggestion);

}  // namespace ddbproxy::config
