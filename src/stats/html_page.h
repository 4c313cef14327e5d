// The stats page as HTML, written piece by piece.
#pragma once

#include <string>
#include <vector>

#include "http/responder.h"
#include "stats/html_columns.h"
#include "stats/page_query.h"
#include "stats/process_info.h"
#include "stats/row.h"

namespace ddbproxy::stats {

/// Complete without JavaScript. Control thread; may rest between two pieces.
class HtmlPage final : public http::Body {
 public:
  /// `proxy` is the one whose `stats` settings hold; `may_change` shows the forms.
  HtmlPage(live::State& state, ProcessInfo& process, const model::Proxy& proxy, PageQuery query, Filter filter,
           bool may_change);
  bool next(std::string& out) override;

 private:
  void write_slot(std::string& out, std::string_view slot);
  bool write_overview(std::string& out);
  void write_card_figures(std::string& out, const Row& row);
  bool write_tables(std::string& out);
  void write_figures(std::string& out);
  void write_links(std::string& out);
  void write_outcome(std::string& out);
  void begin_table(std::string& out, const model::Proxy& proxy);
  void end_table(std::string& out);
  void write_row(std::string& out, const Row& row);
  void write_reports(std::string& out, const Row& row);

  live::State& state_;
  ProcessInfo& process_;
  const model::Stats& settings_;
  PageQuery query_;
  bool may_change_;
  size_t part_ = 0;       // of the template
  bool in_slot_ = false;  // its text is written, its slot not to the end
  Rows overview_, rows_;
  const model::Proxy* open_ = nullptr;  // whose table is being written
  HtmlShape shape_;                     // of that table
  // Of the backend whose servers the overview is at.
  size_t serving_ = 0, servers_ = 0;
  std::vector<std::string> troubles_;
};

}  // namespace ddbproxy::stats
