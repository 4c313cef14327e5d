#include "config/directives.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/condition.h"
#include "config/suggest.h"

namespace ddbproxy::config {
namespace {

constexpr size_t max_nested = 100;

/// The words behind the directive with one blank between them, and where each begins.
std::string join(const Line& line, std::vector<size_t>& begins) {
  std::string text;
  for (size_t i = 1; i < line.size(); ++i) {
    if (i > 1) text += ' ';
    begins.push_back(text.size());
    text += line.word(i);
  }
  return text;
}

}  // namespace

struct Directives::Row {
  std::string_view word;
  Next (Directives::*read)(Line& line);
  bool always;  // also in a branch that is not taken
};

constexpr Directives::Row Directives::rows[] = {
    {".alert", &Directives::alert, false},   {".diag", &Directives::diag, false},
    {".elif", &Directives::elif, true},      {".else", &Directives::else_, true},
    {".endif", &Directives::endif, true},    {".if", &Directives::if_, true},
    {".notice", &Directives::notice, false}, {".warning", &Directives::warning, false},
};

Directives::Next Directives::read(Line& line) {
  for (const Row& row : rows) {
    if (row.word != line.peek()) continue;
    if (skipping() && !row.always) return Next::go_on;
    line.take();
    return (this->*row.read)(line);
  }
  Suggestion suggestion(line.peek());
  for (const Row& row : rows) suggestion.consider(row.word);
  // Of those who write `.elseif`, or `.elsif`, none means `.else`.
  const std::string_view meant =
      line.peek().starts_with(".els") && line.peek().ends_with("if") ? ".elif" : suggestion.best();
  if (!skipping()) {
    line.report(Severity::alert, fmt::format("parsing [{}]: unknown directive '{}'.", line.place(), line.peek()), 0)
        .suggestion = meant;
    return Next::stop;
  }
  // haproxy skips it with its branch; but one that was to end the branch is not seen by anybody.
  if (!meant.empty())
    line.report(Severity::notice,
                fmt::format("parsing [{}]: unknown directive '{}' is skipped with the lines around it.", line.place(),
                            line.peek()),
                0)
        .suggestion = meant;
  return Next::go_on;
}

Directives::Next Directives::fail(Line& line, std::string_view text, Next next, size_t index) {
  Diagnostic& said = line.report(Severity::alert, fmt::format("parsing [{}]: {}", line.place(), text), index);
  if (const size_t end = said.text.find(":\n"); end != said.text.npos) said.sentence = end;
  return next;
}

bool Directives::takes_no_words(Line& line) {
  if (line.word(1).empty()) return true;
  fail(line, fmt::format("Unexpected argument '{}' for '{}'.", line.word(1), line.word(0)), Next::stop_all, 1);
  return false;
}

Directives::Next Directives::if_(Line& line) {
  if (blocks_.size() + 1 >= max_nested)
    return fail(line, fmt::format("too many nested '.if', max is {}.", max_nested), Next::abort);
  const bool dead = skipping();
  blocks_.push_back(dead ? Block::taken : Block::waiting);
  else_seen_.push_back(false);
  return dead ? Next::go_on : decide(line);
}

Directives::Next Directives::elif (Line& line) {
  if (!open()) return fail(line, "lone '.elif' with no matching '.if'.", Next::abort);
  if (else_seen_.back()) return fail(line, "'.elif' after '.else' is not permitted.", Next::abort);
  if (blocks_.back() == Block::waiting) return decide(line);
  blocks_.back() = Block::taken;
  return Next::go_on;
}

Directives::Next Directives::else_(Line& line) {
  if (!takes_no_words(line)) return Next::stop_all;
  if (!open()) return fail(line, "lone '.else' with no matching '.if'.", Next::abort);
  if (else_seen_.back()) return fail(line, "'.else' after '.else' is not permitted.", Next::abort);
  else_seen_.back() = true;
  blocks_.back() = blocks_.back() == Block::waiting ? Block::taking : Block::taken;
  return Next::go_on;
}

Directives::Next Directives::endif(Line& line) {
  if (!takes_no_words(line)) return Next::stop_all;
  if (!open()) return fail(line, "lone '.endif' with no matching '.if'.", Next::abort);
  blocks_.pop_back();
  else_seen_.pop_back();
  return Next::go_on;
}

Directives::Next Directives::decide(Line& line) {
  std::vector<size_t> begins;
  const std::string text = join(line, begins);
  ConditionError error;
  if (const auto value = evaluate(text, context_.environment(), error)) {
    blocks_.back() = *value ? Block::taking : Block::waiting;
    return Next::go_on;
  }
  // The message points into the joined text, the diagnostic at the word of it.
  const size_t word = static_cast<size_t>(std::upper_bound(begins.begin(), begins.end(), error.at) - begins.begin());
  const std::string shown = fmt::format("  {} {}", line.word(0), text);
  const size_t caret = shown.size() - text.size() + error.at + 1;
  return fail(
      line,
      fmt::format("{} in '{}' at position {}:\n{}\n{:>{}}", error.text, line.word(0), error.at + 1, shown, "^", caret),
      Next::abort, word);
}

Directives::Next Directives::say(Line& line, Severity severity) {
  if (!line.word(2).empty())
    return fail(line,
                fmt::format("Unexpected argument '{}' for '{}'. Use quotes if the message should contain spaces.",
                            line.word(2), line.word(0)),
                Next::go_on, 2);
  line.report(severity, fmt::format("parsing [{}]: '{}'.", line.place(), line.word(1)), 1);
  return severity == Severity::alert ? Next::abort : Next::go_on;
}

Directives::Next Directives::notice(Line& line) { return say(line, Severity::notice); }
Directives::Next Directives::warning(Line& line) { return say(line, Severity::warning); }
Directives::Next Directives::alert(Line& line) { return say(line, Severity::alert); }
Directives::Next Directives::diag(Line& line) {
  return context_.options.diagnose ? say(line, Severity::diag) : Next::go_on;
}

}  // namespace ddbproxy::config
