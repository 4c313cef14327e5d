// From a line's first word to the row that reads it: the checks that every keyword shares, and their wording.
#pragma once

#include <fmt/format.h>

#include "config/context.h"
#include "config/keyword.h"
#include "config/suggest.h"

namespace ddbproxy::config {

enum class Place : uint8_t { here, elsewhere, refused };
/// "frontend 'f' has no backend capability": warns or refuses as the row says.
Place judge_place(Line& line, uint16_t sections, Misplaced misplaced, std::string_view hint);
/// Whether the place of a misplaced keyword is judged only when its line has no other error.
bool is_judged_last(const Line& line, uint16_t sections, Misplaced misplaced);
/// Reports a `no` or `default` that is not allowed here; false when the line is then not to be read.
bool check_prefix(Line& line, Prefixes allowed);
/// Whether something after the first `before` diagnostics is an error.
bool has_error_since(const Diagnostics& diagnostics, size_t before);
/// "'X' is not supported by ddbproxy yet", at the word at `at`.
void refuse_planned(Line& line, size_t at);
/// Where the file is to be haproxy's, too: refuses a word at `at` that only ddbproxy has.
bool refuse_own(Line& line, size_t at);
/// Keeps a word that needs HTTP until the proxy's mode is known; `no` and `default` drop it again.
void note_unsupported(Line& line, size_t at, model::Proxy& proxy);
/// False, after a report, when more than `most` words follow the keyword, whose last word is at `at`.
bool check_count(Line& line, size_t at, int most);

/// Runs what says that line.word() is none of a table's, and adds which of them it may have been meant to be.
template <class Target, class Say>
void suggest_second(Line& line, Say say, const Table<Target>& words) {
  const size_t before = line.context().diagnostics.all().size();
  Suggestion suggestion(line.peek());
  if (!line.peek().empty())
    for (const auto* table = &words; table; table = table->next)
      for (const auto& row : table->rows) suggestion.consider(row.name);
  say();
  for (Diagnostic& said : line.context().diagnostics.since(before))
    if (said.suggestion.empty() && said.is_error()) said.suggestion = suggestion.best();
}

/// Reads a line that is ignored for its errors, into a proxy that has both sides.
inline void parse_aside(Line& line, const Keyword<model::Proxy>& row, model::Proxy& target) {
  if (!row.parse) return;
  model::Proxy scratch = target;
  scratch.frontend.emplace();
  scratch.backend.emplace();
  row.parse(line, scratch);
  target.unsupported = std::move(scratch.unsupported);
}

/// Reads the line by `row`, whose name is the word just taken.
template <class Target>
void read_row(Line& line, const Keyword<Target>& row, Target& target) {
  const size_t at = line.position() - 1;
  line.set_keyword(at ? fmt::format("{} {}", line.keyword(), row.name) : std::string(row.name));
  if (row.words) {
    if (const auto* second = row.words->find(line.peek())) {
      line.take();
      read_row(line, *second, target);
    } else if (judge_place(line, row.sections, row.misplaced, row.hint) != Place::refused) {
      suggest_second(
          line, [&] { row.words->unknown(line, target); }, *row.words);
    }
    return;
  }
  if (row.own && refuse_own(line, at)) return;
  if (!check_prefix(line, row.prefixes)) return;
  const auto count_fits = [&] { return row.max_args == any_number || check_count(line, at, row.max_args); };
  const bool place_first = row.misplaced == Misplaced::ignored;
  if (!place_first && !count_fits()) return;
  const size_t before = line.context().diagnostics.all().size();
  if constexpr (std::is_same_v<Target, model::Proxy>)
    if (is_judged_last(line, row.sections, row.misplaced)) {
      parse_aside(line, row, target);
      if (!has_error_since(line.context().diagnostics, before))
        judge_place(line, row.sections, row.misplaced, row.hint);
      return;
    }
  const Place place = judge_place(line, row.sections, row.misplaced, row.hint);
  if (place == Place::refused || (place_first && !count_fits())) return;
  if constexpr (std::is_same_v<Target, model::Proxy>) {
    if (place == Place::elsewhere) return parse_aside(line, row, target);
    // In mode tcp haproxy ignores what needs HTTP; the mode is final only when the section ends.
    if (row.support == Support::planned && (row.mode == Needs::http || row.later)) {
      note_unsupported(line, at, target);
      if (row.parse) row.parse(line, target);
      return;
    }
  }
  if (row.parse) row.parse(line, target);
  if (row.support == Support::planned && !has_error_since(line.context().diagnostics, before)) refuse_planned(line, at);
}

}  // namespace ddbproxy::config
