#include "config/source_reader.h"

#include <cctype>
#include <fmt/format.h>

#include "config/help.h"
#include "config/lexer.h"
#include "config/library.h"

namespace ddbproxy::config {
namespace {

/// haproxy reads no further once so many lines of a file were wrong.
constexpr int max_bad_lines = 50;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view blanks = " \t\n\v\f\r";

bool is_scope_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || std::string_view("-_.:").find(c) != std::string_view::npos;
}

}  // namespace

std::string SourceReader::place() const { return fmt::format("{}:{}", file_.name, number_); }

void SourceReader::alert(std::string text, uint32_t column) {
  context_.diagnostics.add(Severity::alert, {&file_, number_, column, column ? 1u : 0u},
                           fmt::format("parsing [{}]: {}", place(), text));
}

void SourceReader::run() {
  std::string_view rest = file_.text;
  while (!rest.empty()) {
    ++number_;
    if (bad_lines_ >= max_bad_lines) {
      alert(fmt::format("too many fatal errors ({}), stopping now.", bad_lines_));
      break;
    }
    const size_t end = rest.find('\n');
    const std::string_view whole = rest.substr(0, end);
    // A zero byte ends the line as it ends a C string; what is behind it is lost, which is an error below.
    const std::string_view text = whole.substr(0, whole.find('\0'));
    const bool marked = number_ == 1 && text.starts_with(byte_order_mark);
    const bool go_on = marked ? read_behind_mark(text) : read_line(text);
    if (context_.aborted()) return;
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (end == rest.npos || text.size() != whole.size()) {
      const auto position = static_cast<uint32_t>(text.size() + 1);
      if (rest.empty())
        alert(fmt::format("Missing LF on last line, file might have been truncated at position {}.", position),
              position);
      else
        alert(fmt::format("Stray NUL character at position {}.", position), position);
      break;
    }
    if (!go_on) break;
  }
  if (directives_.open()) {
    alert("non-terminated '.if' block.");
    stop_all_ = true;
  }
  if (stop_all_) context_.abort();
  sections_.close();
}

bool SourceReader::read_behind_mark(std::string_view text) {
  const std::string_view word = text.substr(0, text.find_first_of(blanks));
  Diagnostic& said = context_.diagnostics.add(
      Severity::alert, {&file_, number_, 1, byte_order_mark.size()},
      fmt::format("parsing [{}]: unknown keyword '{}' out of section.", place(), word.substr(0, word.find('#'))));
  said.hint = "the file begins with a byte order mark, U+FEFF, which is no part of the first word";
  ++bad_lines_;
  return read_line(std::string(byte_order_mark.size(), ' ') + std::string(text.substr(byte_order_mark.size())));
}

void SourceReader::read_scope(std::string_view text, size_t begin) {
  const auto refuse = [&](std::string reason, size_t at) {
    context_.diagnostics.add(Severity::alert, {&file_, number_, static_cast<uint32_t>(at + 1), 1},
                             fmt::format("parsing [{}] : {}", place(), reason));
    stop_all_ = true;
  };
  const size_t end = text.find(']', begin);
  if (end == text.npos || end == begin + 1) return refuse("empty scope name is forbidden.", begin);
  for (size_t i = begin + 1; i < end; ++i)
    if (!is_scope_character(text[i]))
      return refuse(fmt::format("character '{}' is not permitted in a scope name.", text[i]), i);
  const size_t behind = text.find_first_not_of(blanks, end + 1);
  if (behind != text.npos && text[behind] != '#')
    refuse(fmt::format("character '{}' is not permitted after scope declaration.", text[behind]), behind);
}

bool SourceReader::read_line(std::string_view text) {
  const size_t before = context_.diagnostics.all().size();
  const size_t begin = text.find_first_not_of(blanks);
  if (begin != text.npos && text[begin] == '[') {
    read_scope(text, begin);
  } else if (const LexError error = lex(text, words_, context_.environment())) {
    Diagnostic& said = context_.diagnostics.add(
        Severity::alert, {&file_, number_, static_cast<uint32_t>(error.at + 1), 1}, describe(error, text, place()));
    if (const size_t end = said.text.find(":\n"); end != said.text.npos) said.sentence = end;
  } else if (!words_.empty() && !words_[0].text.empty()) {
    Line line(words_, {&file_, number_}, context_);
    if (Directives::is_directive(line)) {
      const auto next = directives_.read(line);
      if (next == Directives::Next::abort) context_.abort();
      stop_all_ |= next == Directives::Next::stop_all;
      return next == Directives::Next::go_on;
    }
    if (directives_.skipping()) return true;
    context_.library().lists.stand_at({line.where()});
    sections_.read(line);
    if (context_.diagnostics.all().size() == before) warn_of_lost_words(line, text);
  } else if (!words_.empty() && !directives_.skipping()) {
    warn_of_lost_words(Line(words_, {&file_, number_}, context_), text);
  }
  add_help(context_, before, text, {&file_, number_});
  const auto& all = context_.diagnostics.all();
  for (size_t i = before; i < all.size(); ++i)
    if (all[i].is_error()) {
      ++bad_lines_;
      break;
    }
  return true;
}

}  // namespace ddbproxy::config
