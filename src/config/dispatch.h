// From a line's first word to the row that reads it: the checks that every keyword shares, and their wording.
#pragma once

#include <fmt/format.h>

#include "config/context.h"
#include "config/keyword.h"

namespace ddbproxy::config {

enum class Place : uint8_t { here, elsewhere, refused };
/// "frontend 'f' has no backend capability": warns or refuses as the row says.
Place judge_place(Line& line, uint8_t sections, Misplaced misplaced, std::string_view hint);
/// Whether the line's `no` or `default` is allowed here; reports it when not.
void check_prefix(Line& line, Prefixes allowed);
/// "'X' is not supported by ddbproxy yet".
void refuse_planned(Line& line);
/// False, after a report, when more than `most` words follow the keyword, whose last word is at `at`.
bool check_count(Line& line, size_t at, int most);

/// Reads the line by `row`, whose name is the word just taken.
template <class Target>
void read_row(Line& line, const Keyword<Target>& row, Target& target) {
  const size_t at = line.position() - 1;
  line.set_keyword(at ? fmt::format("{} {}", line.keyword(), row.name) : std::string(row.name));
  if (row.words) {
    if (const auto* second = row.words->find(line.peek())) {
      line.take();
      read_row(line, *second, target);
    } else {
      row.words->unknown(line, target);
    }
    return;
  }
  check_prefix(line, row.prefixes);
  if (row.support == Support::planned) {
    if constexpr (std::is_same_v<Target, model::Proxy>)
      // In mode tcp haproxy ignores what needs HTTP; the mode is final only when the section ends.
      if (row.mode == Needs::http) {
        target.unsupported.push_back({line.where(at), line.keyword()});
        return;
      }
    return refuse_planned(line);
  }
  if (row.max_args != any_number && !check_count(line, at, row.max_args)) return;
  switch (judge_place(line, row.sections, row.misplaced, row.hint)) {
    case Place::here: return row.parse(line, target);
    case Place::refused: return;
    case Place::elsewhere:
      // Ignored, but still read for its errors, into a proxy that has both sides.
      if constexpr (std::is_same_v<Target, model::Proxy>) {
        model::Proxy scratch = target;
        scratch.frontend.emplace();
        scratch.backend.emplace();
        row.parse(line, scratch);
      }
  }
}

}  // namespace ddbproxy::config
