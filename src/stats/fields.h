// The table of all statistics of a proxy: each column once, in the order of haproxy 2.6.12.
#pragma once

#include <span>
#include <string_view>

#include "stats/row.h"
#include "stats/value.h"

namespace ddbproxy::stats {

/// Asks one figure of a line; none where this line has no such figure.
using Ask = Value (*)(const Row&);

/// How one column is filled for some kinds of lines.
struct Source {
  unsigned kinds = 0;  ///< Of Filter's: which lines have this figure.
  Tags tags{Origin::metric, Nature::counter};
  Ask ask = nullptr;
};

/// How a figure is shown to Prometheus.
struct Metric {
  enum class Shape : uint8_t {
    number,
    milliseconds,      ///< shown in seconds
    state,             ///< 1 for the state it is in, 0 for the others
    check_status,      ///< the same of health checks
    status_code,       ///< one of several of a name, told apart by the end of the field's: 1xx, ..., other
    servers_by_state,  ///< of a backend: how many servers are in each
    servers_by_check,
  };
  enum class OnlyOf : uint8_t { any, http, checked };

  std::string_view name;  ///< Without "haproxy_" and the kind; empty: not shown.
  unsigned kinds = 0;     ///< Of Filter's: for which lines it is shown.
  Shape shape = Shape::number;
  OnlyOf only_of = OnlyOf::any;
};

struct Field {
  std::string_view name;
  std::string_view doc;
  Metric metric;
  Source source, other;    ///< At most two ways to fill it.
  bool of_module = false;  ///< Stands behind the "-" column of CSV.

  /// The source for this kind of line; null when it has none.
  const Source* for_kind(RowKind kind) const;
};

/// All columns; a column's index is its number in the typed and JSON formats.
std::span<const Field> fields();

}  // namespace ddbproxy::stats
