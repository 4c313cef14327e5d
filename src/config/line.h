// A line of configuration as its words, each with its place; the reader's hand on it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/diagnostics.h>

namespace ddbproxy::config {

class Context;

struct Word {
  std::string text;     ///< After quotes, escapes and variables.
  uint32_t column = 0;  ///< Where it begins in the source line, in bytes, from 1.
  uint32_t length = 0;  ///< Of its source form.
};

/// `no` or `default` before a keyword.
enum class Prefix : uint8_t { none, no, default_ };

/// Words are taken from left to right; a reader that finds one wrong reports it and goes on or gives up the line.
class Line {
 public:
  Line(std::span<Word> words, Location where, Context& context) : words_(words), where_(where), context_(context) {}

  size_t size() const { return words_.size(); }
  bool done() const { return next_ >= words_.size(); }
  /// The word at `index`, or an empty one past the end.
  std::string_view word(size_t index) const { return index < words_.size() ? words_[index].text : std::string_view{}; }
  /// The next word not yet taken, or empty; take() moves on.
  std::string_view peek() const { return word(next_); }
  std::string_view take() { return done() ? std::string_view{} : std::string_view(words_[next_++].text); }
  size_t position() const { return next_; }
  void seek(size_t index) { next_ = index; }

  Prefix prefix() const { return prefix_; }
  bool negated() const { return prefix_ == Prefix::no; }
  /// Takes `no` or `default` off the front.
  void take_prefix(Prefix prefix);

  /// The keyword that is read, all its words: "timeout client". Set by the dispatcher as it descends.
  const std::string& keyword() const { return keyword_; }
  void set_keyword(std::string_view name) { keyword_ = name; }

  /// The line as a whole, or the word at `index` of it (past the end: just behind the last word).
  Location where() const { return where_; }
  Location where(size_t index) const;
  Context& context() const { return context_; }

  static constexpr size_t last_taken = static_cast<size_t>(-1);
  /// "parsing [FILE:LINE] : text", as haproxy words it, at the word at `index`.
  Diagnostic& alert(std::string_view text, size_t index = last_taken) { return say(Severity::alert, text, index); }
  Diagnostic& warning(std::string_view text, size_t index = last_taken) { return say(Severity::warning, text, index); }
  Diagnostic& say(Severity severity, std::string_view text, size_t index = last_taken);
  /// What stands before the text instead of "parsing [FILE:LINE] : "; server lines have one of their own.
  void introduce(std::string introduction, std::string_view conclusion = {}) {
    introduction_ = std::move(introduction);
    conclusion_ = conclusion;
    introduces_remarks_ = false;
  }
  /// The same, and before remarks, too.
  void introduce_all(std::string introduction) {
    introduce(std::move(introduction));
    introduces_remarks_ = true;
  }
  /// A warning that names no place, but on lines that introduce everything.
  Diagnostic& remark(std::string_view text);
  /// A message whose text is whole.
  Diagnostic& report(Severity severity, std::string text, size_t index = last_taken);
  /// "FILE:LINE"
  std::string place() const;

 private:
  std::span<Word> words_;
  size_t next_ = 0;
  Location where_;
  Context& context_;
  Prefix prefix_ = Prefix::none;
  std::string keyword_;
  std::string introduction_, conclusion_;
  bool introduces_remarks_ = false;
};

}  // namespace ddbproxy::config
