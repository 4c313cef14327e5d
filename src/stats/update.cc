#include "stats/update.h"

#include <fmt/format.h>

#include "stats/dump.h"
#include "stats/process_figures.h"

namespace ddbproxy::stats {
namespace {

constexpr size_t piece_size = 16384;

const void* whose(const Row& row) {
  switch (row.kind) {
    case RowKind::frontend: return row.frontend;
    case RowKind::backend: return row.backend;
    case RowKind::server: return row.server;
    case RowKind::listener: return row.listener;
  }
  return nullptr;
}

}  // namespace

bool Update::next(std::string& out) {
  const size_t limit = out.size() + piece_size;
  if (!std::exchange(begun_, true)) {
    write_csv_header(out);
    out.pop_back();
    out += "moving_in,moving_out,\n";
  }
  Row row;
  while (out.size() < limit) {
    if (!rows_.next(row)) {
      for (const ProcessFigure& figure : process_figures) {
        fmt::format_to(std::back_inserter(out), "\n{}: ", figure.info);
        write_plain(out, process_.ask(figure.info));
      }
      out += '\n';
      return false;
    }
    write_csv_line(out, row);
    out.pop_back();
    const live::Traffic::Bytes moving = traffic_.of(whose(row));
    fmt::format_to(std::back_inserter(out), "{},{},\n", moving.in, moving.out);
  }
  return true;
}

}  // namespace ddbproxy::stats
