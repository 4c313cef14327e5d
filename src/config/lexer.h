// Splits a line of text into words: quotes, escapes, comments and environment variables (manual 2.2, 2.3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/line.h"

namespace ddbproxy::config {

/// Why a line could not be split, and at which byte of it, from 0.
struct LexError {
  std::string text;  ///< Empty: no error.
  size_t at = 0;
  explicit operator bool() const { return !text.empty(); }
};

/// Replaces `words` by those of `text`; reuses their memory.
LexError lex(std::string_view text, std::vector<Word>& words);

}  // namespace ddbproxy::config
