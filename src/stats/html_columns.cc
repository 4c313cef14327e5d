#include "stats/html_columns.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <fmt/format.h>

#include "stats/html.h"

namespace ddbproxy::stats {
namespace {

constexpr bool detail = true, of_module = true;

constexpr HtmlColumn columns[] = {
    {"Sessions", "Now", "scur"},
    {"Sessions", "Most", "smax"},
    {"Sessions", "Limit", "slim", Look::number, detail},
    {"Sessions", "Total", "stot"},
    {"Sessions", "Balanced", "lbtot", Look::number, detail},
    {"Sessions", "Last", "lastsess", Look::age, detail},
    {"New/s", "Now", "rate"},
    {"New/s", "Most", "rate_max", Look::number, detail},
    {"New/s", "Limit", "rate_lim", Look::number, detail},
    {"Queue", "Now", "qcur"},
    {"Queue", "Most", "qmax", Look::number, detail},
    {"Queue", "Limit", "qlimit", Look::number, detail},
    {"Bytes", "In", "bin", Look::bytes},
    {"Bytes", "Out", "bout", Look::bytes},
    {"Errors", "Requests", "ereq", Look::number, detail},
    {"Errors", "Connect", "econ"},
    {"Errors", "Response", "eresp", Look::number, detail},
    {"Warnings", "Retries", "wretr", Look::number, detail},
    {"Warnings", "Redispatches", "wredis", Look::number, detail},
    {"Denied", "Requests", "dreq", Look::number, detail},
    {"Denied", "Responses", "dresp", Look::number, detail},
    {"Nodes", "Weight", "weight"},
    {"Nodes", "Active", "act", Look::number, detail},
    {"Nodes", "Backup", "bck", Look::number, detail},
    {"Health", "Failed checks", "chkfail", Look::number, detail},
    {"Health", "Downs", "chkdown"},
    {"Health", "Down for", "downtime", Look::age},
    {"Health", "Throttle", "throttle", Look::percent, detail},
    {"HTTP/1", "Connections", "h1_open_connections", Look::number, !detail, of_module},
    {"HTTP/1", "Requests", "h1_open_streams", Look::number, !detail, of_module},
    {"HTTP/1", "Total", "h1_total_streams", Look::number, !detail, of_module},
    {"HTTP/1", "In", "h1_bytes_in", Look::bytes, detail, of_module},
    {"HTTP/1", "Out", "h1_bytes_out", Look::bytes, detail, of_module},
};

// The upper row of heads: what neighbouring columns have in common.
void write_groups(std::string& out, const HtmlShape& shape) {
  auto to = std::back_inserter(out);
  out += "<tr>";
  if (shape.selectable) out += R"(<td rowspan="2" class="pick"></td>)";
  out += R"(<th scope="col" rowspan="2" class="name" data-f="svname">Name</th>)"
         R"(<th scope="col" rowspan="2" class="state" data-f="status">Status</th>)";
  if (shape.checks) out += R"(<th scope="col" rowspan="2" class="check" data-sort="check">Last check</th>)";
  out += R"(<th scope="col" rowspan="2" class="chart" data-sort="rate">Last minutes</th>)";
  for (size_t i = 0; i < std::size(columns);) {
    size_t end = i, shown = 0;
    for (; end < std::size(columns) && columns[end].group == columns[i].group; ++end)
      shown += shape.shows(columns[end]);
    if (shown > 0) fmt::format_to(to, R"(<th scope="colgroup" colspan="{}">{}</th>)", shown, columns[i].group);
    i = end;
  }
  out += "</tr>";
}

}  // namespace

std::span<const HtmlColumn> html_columns() { return columns; }

const Field& field(std::string_view name) {
  const auto all = fields();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Field& f) { return f.name == name; });
  assert(found != all.end());
  return *found;
}

Value ask(std::string_view name, const Row& row) {
  const Source* source = field(name).for_kind(row.kind);
  return source ? source->ask(row) : Value{};
}

void write_value(std::string& out, const Value& value, Look look) {
  if (value.type == Value::Type::text) return write_escaped(out, value.text);
  switch (look) {
    case Look::plain: return write_plain(out, value);
    case Look::number: return write_grouped(out, static_cast<uint64_t>(value.number));
    case Look::bytes: return write_bytes(out, static_cast<uint64_t>(value.number));
    case Look::age:
      if (value.number < 0) {
        out += '-';
      } else {
        write_age(out, value.number);
      }
      return;
    case Look::percent:
      write_grouped(out, static_cast<uint64_t>(value.number));
      out += '%';
      return;
    case Look::moment: return write_moment(out, value.number);
  }
}

void write_table_head(std::string& out, const HtmlShape& shape) {
  out += "<thead>";
  write_groups(out, shape);
  out += "<tr>";
  for (const HtmlColumn& column : columns) {
    if (!shape.shows(column)) continue;
    fmt::format_to(std::back_inserter(out), R"(<th scope="col" data-f="{}" title=")", column.field);
    write_escaped(out, field(column.field).doc);
    fmt::format_to(std::back_inserter(out), R"(">{}</th>)", column.label);
  }
  out += "</tr></thead>\n";
}

// The cells say nothing of their columns: thousands of rows would say it again and again.
void write_cells(std::string& out, const Row& row, const HtmlShape& shape) {
  static const auto sources = [] {
    std::array<const Field*, std::size(columns)> found;
    for (size_t i = 0; i < found.size(); ++i) found[i] = &field(columns[i].field);
    return found;
  }();
  for (size_t i = 0; i < sources.size(); ++i) {
    if (!shape.shows(columns[i])) continue;
    const Source* source = sources[i]->for_kind(row.kind);
    out += "<td>";
    if (const Value value = source ? source->ask(row) : Value{}) write_value(out, value, columns[i].look);
    out += "</td>";
  }
}

}  // namespace ddbproxy::stats
