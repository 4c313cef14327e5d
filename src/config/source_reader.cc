#include "config/source_reader.h"

#include <fmt/format.h>

#include "config/lexer.h"

namespace ddbproxy::config {
namespace {

/// haproxy reads no further once so many lines of a file were wrong.
constexpr int max_bad_lines = 50;

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
    const bool go_on = read_line(text);
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

bool SourceReader::read_line(std::string_view text) {
  const size_t before = context_.diagnostics.all().size();
  if (const LexError error = lex(text, words_)) {
    context_.diagnostics.add(Severity::alert, {&file_, number_, static_cast<uint32_t>(error.at + 1), 1},
                             describe(error, text, place()));
  } else if (!words_.empty() && !words_[0].text.empty()) {
    Line line(words_, {&file_, number_}, context_);
    if (Directives::is_directive(line)) {
      const auto next = directives_.read(line);
      if (next == Directives::Next::abort) context_.abort();
      stop_all_ = next == Directives::Next::stop_all;
      return next == Directives::Next::go_on;
    }
    if (directives_.skipping()) return true;
    sections_.read(line);
  }
  const auto& all = context_.diagnostics.all();
  for (size_t i = before; i < all.size(); ++i)
    if (all[i].is_error()) {
      ++bad_lines_;
      break;
    }
  return true;
}

}  // namespace ddbproxy::config
