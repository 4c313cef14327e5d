// `show errors`: how many requests each HTTP frontend could not read.
#include <chrono>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "admin/runs.h"
#include "admin/targets.h"
#include "live/state.h"

namespace ddbproxy::admin {

Answer run_show_errors(Call& call) {
  // By name or number; as in haproxy -1 is all, and a number that nobody has is none.
  long long only = -1;
  if (call.has(2)) {
    only = leading_number(call.word(2));
    for (const auto& proxy : call.runtime.state.model().proxies)
      if (proxy->name == call.word(2)) only = proxy->id;
    if (only == 0) return Answer::error("No such proxy.\n");
  }
  uint64_t total = 0;
  std::string list;
  for (const auto& frontend : call.runtime.state.frontends()) {
    const uint64_t errors = frontend->counters.sum(&live::FrontendCounters::ereq);
    if (frontend->config().mode != model::Mode::http || !errors || (only != -1 && only != frontend->config().id))
      continue;
    total += errors;
    list += fmt::format("\nfrontend {} (#{}): {} invalid requests; their bytes are not kept by ddbproxy yet\n",
                        frontend->name(), frontend->config().id, errors);
  }
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return Answer::document(fmt::format("Total events captured on [{:%d/%b/%Y:%H:%M:%S}.{:03}] : {}\n{}",
                                      fmt::localtime(std::chrono::system_clock::to_time_t(now)), ms, total, list));
}

}  // namespace ddbproxy::admin
