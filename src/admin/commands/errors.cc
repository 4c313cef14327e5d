// `show errors`: how many requests each HTTP frontend could not read.
#include <chrono>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "admin/runs.h"
#include "admin/targets.h"
#include "live/state.h"

namespace ddbproxy::admin {

Answer run_show_errors(Call& call) {
  const long long only = call.has(2) ? find_proxy_id(call, 2) : -1;
  if (!only) return Answer::error("No such proxy.\n");
  uint64_t total = 0;
  std::string list;
  // Only requests are read here, so that there are no faulty responses. The total is of all proxies.
  const bool requests = call.word(3) != "response";
  for (const auto& frontend : call.runtime.state.frontends()) {
    const uint64_t errors = frontend->counters.sum(&live::FrontendCounters::ereq);
    if (frontend->config().mode != model::Mode::http || !errors) continue;
    total += errors;
    if (!requests || (only != -1 && only != frontend->config().id)) continue;
    list += fmt::format("\nfrontend {} (#{}): {} invalid requests; their bytes are not kept by ddbproxy yet\n",
                        frontend->name(), frontend->config().id, errors);
  }
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return Answer::document(fmt::format("Total events captured on [{:%d/%b/%Y:%H:%M:%S}.{:03}] : {}\n{}",
                                      fmt::localtime(std::chrono::system_clock::to_time_t(now)), ms, total, list));
}

}  // namespace ddbproxy::admin
