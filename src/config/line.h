// A line of configuration as its words, each with its place; the reader's hand on it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/diagnostics.h>

namespace ddbproxy::config {

class Context;  // what the whole reading knows: options, model, diagnostics, sections so far (parse.cc)

struct Word {
  std::string text;      ///< After quotes, escapes and variables.
  uint32_t column = 0;   ///< Where it begins in the source line, in bytes, from 1.
  uint32_t length = 0;   ///< Of its source form.
};

/// Words are taken from left to right; a reader that finds one wrong reports it and goes on or gives up the line.
class Line {
 public:
  Line(std::vector<Word> words, Location where, Context& context)
      : words_(std::move(words)), where_(where), context_(context) {}

  size_t size() const { return words_.size(); }
  bool done() const { return next_ >= words_.size(); }
  /// The word at `index`, or an empty one past the end.
  std::string_view word(size_t index) const;
  /// The next word not yet taken, or empty; take() moves on.
  std::string_view peek() const { return word(next_); }
  std::string_view take();
  size_t position() const { return next_; }
  void seek(size_t index) { next_ = index; }

  Location where() const { return where_; }
  Location where(size_t index) const;
  Context& context() const { return context_; }

  /// "parsing [FILE:LINE] : text", as haproxy words it; the place is that of the word at `index` (default: the last one taken).
  Diagnostic& alert(std::string text, size_t index = npos);
  Diagnostic& warning(std::string text, size_t index = npos);
  static constexpr size_t npos = static_cast<size_t>(-1);

 private:
  std::vector<Word> words_;
  size_t next_ = 0;
  Location where_;
  Context& context_;
};

}  // namespace ddbproxy::config
