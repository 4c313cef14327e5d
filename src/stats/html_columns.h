// The columns of the page's tables: which statistics they show, under which heads, and how.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "stats/fields.h"

namespace ddbproxy::stats {

enum class Look : uint8_t { plain, number, bytes, age, percent, moment };

struct HtmlColumn {
  std::string_view group;  ///< Its neighbours of the same group share a head.
  std::string_view label;
  std::string_view field;  ///< The statistic's name; its meaning is the head's tooltip.
  Look look = Look::number;
  bool detail = false;  ///< Shown with ";all" only.
  bool module = false;  ///< Shown with "stats show-modules" only.
};

/// Which columns and rows a page has.
struct HtmlShape {
  bool selectable = false;  ///< A column of boxes comes first.
  bool checks = false;      ///< There are servers, which may be checked.
  bool all = false;         ///< The details as well.
  bool modules = false;

  bool shows(const HtmlColumn& column) const { return (all || !column.detail) && (modules || !column.module); }
};

std::span<const HtmlColumn> html_columns();
void write_value(std::string& out, const Value& value, Look look);
/// The rows of heads of a table.
void write_table_head(std::string& out, const HtmlShape& shape);
/// The cells of these columns.
void write_cells(std::string& out, const Row& row, const HtmlShape& shape);

/// The statistic of this name; there must be one.
const Field& field(std::string_view name);
Value ask(std::string_view name, const Row& row);

}  // namespace ddbproxy::stats
