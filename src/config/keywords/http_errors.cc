// Lines of an `http-errors` section (manual 3.8).
#include "config/error_line.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::ErrorPages;

/// Of one status the last counts.
void errorfile(Line& line, ErrorPages& pages) {
  model::ErrorFile file;
  if (!read_error_file(line, "errorfile: ", file)) return;
  std::erase_if(pages.files, [&](const model::ErrorFile& each) { return each.code == file.code; });
  pages.files.push_back(std::move(file));
}

constexpr Keyword<ErrorPages> rows[] = {
    {.name = "errorfile",
     .syntax = "<code> <file>",
     .sections = in_http_errors,
     .parse = errorfile,
     .doc = "A file that is sent instead of an error response, where `errorfiles` says so."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<ErrorPages> http_errors_table{"http-errors", rows};

}  // namespace ddbproxy::config
