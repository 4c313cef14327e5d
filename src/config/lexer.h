// Splits a line of text into words: quotes, escapes, comments and environment variables (manual 2.2, 2.3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/environment.h>

#include "config/line.h"

namespace ddbproxy::config {

/// Most words on a line; blanks behind the last one count as one more.
inline constexpr size_t max_words = 64;

/// Why a line could not be split, and at which byte of it, from 0.
struct LexError {
  enum class Kind : uint8_t { none, quote, brace, first_char, hexadecimal, expansion, too_many };
  Kind kind = Kind::none;
  size_t at = 0;
  /// too_many: the last word within the limit, and where it begins when all words are put together, from 1.
  std::string_view word = {};
  size_t packed_at = 0;
  explicit operator bool() const { return kind != Kind::none; }
};

enum class Comments : uint8_t { yes, no };

/// Replaces `words` by those of `text`; reuses their memory.
LexError lex(std::string_view text, std::vector<Word>& words, const Environment& environment,
             Comments comments = Comments::yes);

/// The whole message for an error of `text`, which is line `place` ("FILE:LINE"): with an excerpt and a caret, as
/// haproxy.
std::string describe(const LexError& error, std::string_view text, std::string_view place);
/// The same for a condition of -cc, which has no place.
std::string describe_in_condition(const LexError& error);

}  // namespace ddbproxy::config
