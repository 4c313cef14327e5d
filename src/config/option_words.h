// The options behind the addresses of `bind` and `server` lines: words of one line, each with its row.
#pragma once

#include <fmt/format.h>
#include <span>

#include "config/context.h"
#include "config/keyword.h"

namespace ddbproxy::config {

enum class OptionsEnd : uint8_t {
  done,
  failed,   ///< a row has reported an error
  unknown,  ///< at a word that no row has
};

/// Whether something after the first `before` diagnostics is an error.
bool has_error_since(const Diagnostics& diagnostics, size_t before);

/// Reads options up to the end of the line or the first error: haproxy, too, gives up the line there.
template <class Target>
OptionsEnd read_options(Line& line, std::span<const Table<Target>* const> tables, Target& target) {
  while (!line.peek().empty()) {
    const auto* row = find(tables, line.peek());
    if (!row) return OptionsEnd::unknown;
    const size_t at = line.position(), before = line.context().diagnostics.all().size();
    line.take();
    line.set_keyword(row->name);
    if (row->parse) row->parse(line, target);
    if (row->support == Support::planned)
      line.alert(fmt::format("'{}' is not supported by ddbproxy yet.", row->name), at);
    if (has_error_since(line.context().diagnostics, before)) return OptionsEnd::failed;
  }
  return OptionsEnd::done;
}

}  // namespace ddbproxy::config
