// The options behind the addresses of `bind` and `server` lines: words of one line, each with its row.
#pragma once

#include <span>

#include "config/dispatch.h"

namespace ddbproxy::config {

enum class OptionsEnd : uint8_t {
  done,
  failed,   ///< a row has reported an error
  unknown,  ///< at a word that no row has
};

/// Reads options up to the end of the line or the first error: haproxy, too, gives up the line there.
template <class Target>
OptionsEnd read_options(Line& line, std::span<const Table<Target>* const> tables, Target& target) {
  while (!line.peek().empty()) {
    const auto* row = find(tables, line.peek());
    if (!row) return OptionsEnd::unknown;
    const size_t at = line.position(), before = line.context().diagnostics.all().size();
    line.take();
    line.set_keyword(row->name);
    if (row->own && refuse_own(line, at)) return OptionsEnd::failed;
    if constexpr (std::is_same_v<Target, model::Server>) {
      if (line.context().draft->adding() && !row->dynamic) {
        line.alert(fmt::format("'{}' option is not accepted for dynamic server", row->name));
        return OptionsEnd::failed;
      }
    }
    if (row->parse) row->parse(line, target);
    if (row->support == Support::planned && !has_error_since(line.context().diagnostics, before))
      refuse_planned(line, at);
    if (has_error_since(line.context().diagnostics, before)) return OptionsEnd::failed;
  }
  return OptionsEnd::done;
}

}  // namespace ddbproxy::config
