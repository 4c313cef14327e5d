// Words of rules may carry an argument in brackets, "set-var(txn.x)": finds the row all the same.
#pragma once

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

}  // namespace ddbproxy::config
