// What the page's own script asks for again and again: the CSV with two more columns, for the bytes of sessions that
// have not ended, and the process's figures below it.
#pragma once

#include <string>

#include "http/responder.h"
#include "live/traffic.h"
#include "stats/process_info.h"
#include "stats/row.h"

namespace ddbproxy::stats {

/// The request header that the script asks with. To whom else asks for that address it is the CSV of 2.6.
inline constexpr std::string_view update_header = "ddbproxy-update";

/// Control thread; may rest between two pieces.
class Update final : public http::Body {
 public:
  Update(const live::State& state, ProcessInfo& process, Filter filter, live::Traffic traffic)
      : process_(process), rows_(state, std::move(filter)), traffic_(std::move(traffic)) {}
  bool next(std::string& out) override;

 private:
  ProcessInfo& process_;
  Rows rows_;
  live::Traffic traffic_;
  bool begun_ = false;
};

}  // namespace ddbproxy::stats
