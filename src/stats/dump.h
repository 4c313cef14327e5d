// `show stat` and the page's exports: lines of the statistics as CSV, typed text or JSON, in pieces of bounded size.
#pragma once

#include <string>

#include "stats/row.h"

namespace ddbproxy::stats {

enum class Format : uint8_t { csv, typed, json };

/// Control thread; may rest between two pieces.
class Dump {
 public:
  /// `descriptions` appends each field's meaning (`desc`), where the format has a place for it.
  Dump(const live::State& state, Filter filter, Format format, bool descriptions = false)
      : rows_(state, std::move(filter)), format_(format), descriptions_(descriptions) {}

  /// Appends about `size` bytes, in whole lines; false when nothing is left.
  bool next(std::string& out, size_t size = 16384);

 private:
  Rows rows_;
  Format format_;
  bool descriptions_;
  size_t written_ = 0;  // lines
  bool begun_ = false;
};

/// "# pxname,svname,..." with its line end.
void write_csv_header(std::string& out);
/// One line of it.
void write_csv_line(std::string& out, const Row& row);
/// The JSON schema of `show schema json` and `;json-schema`, without a line end.
void write_json_schema(std::string& out);

}  // namespace ddbproxy::stats
