// Words of rules may carry an argument in brackets, "set-var(txn.x)": finds the row all the same.
#pragma once

#include <fmt/format.h>

#include "config/dispatch.h"

namespace ddbproxy::config {

/// Reads "name(argument)" by the row "name"; false when the table has none.
inline bool read_bracketed(Line& line, const Table<model::Proxy>& table, model::Proxy& proxy) {
  const size_t bracket = line.peek().find('(');
  if (bracket == std::string_view::npos) return false;
  const auto* row = table.find(line.peek().substr(0, bracket));
  if (!row) return false;
  line.take();
  read_row(line, *row, proxy);
  return true;
}

/// Says which actions `keyword` takes instead of the word at hand.
inline void expect_action(Line& line, std::string_view keyword, const Table<model::Proxy>& table) {
  std::string known;
  for (const auto& row : table.rows) known += fmt::format("{}'{}'", known.empty() ? "" : ", ", row.name);
  line.alert(fmt::format("'{}' expects {}, but got '{}'{}", keyword, known, line.peek(),
                         line.peek().empty() ? " (missing argument)." : "."),
             line.position());
}

/// For Table::unknown of a table of actions.
template <const Table<model::Proxy>* table>
void unknown_action(Line& line, model::Proxy& proxy) {
  if (read_bracketed(line, *table, proxy)) return;
  expect_action(line, line.keyword(), *table);
}

}  // namespace ddbproxy::config
