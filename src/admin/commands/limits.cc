// Frontends and limits: who may come in, and how many.
#include "admin/runs.h"
#include "admin/targets.h"
#include "live/state.h"
#include "stream/workers.h"

namespace ddbproxy::admin {
namespace {

constexpr std::string_view no_number = "Expects an integer value.\n";
constexpr std::string_view out_of_range = "Value out of range.\n";

/// Clients that wait for room are looked at again.
void look_again(Call& call) {
  if (call.runtime.services.workers) call.runtime.services.workers->admission().limits_changed();
}

Answer order(Call& call, const std::function<bool(live::Frontend&)>& carry_out, live::Frontend& frontend,
             std::string_view failure) {
  if (!carry_out || !carry_out(frontend)) return Answer::error(std::string(failure));
  return Answer::done();
}

}  // namespace

Answer run_disable_frontend(Call& call) {
  auto frontend = find_frontend(call, 2);
  if (!frontend) return frontend.error;
  if (frontend->state() == live::FrontendState::stopped)
    return Answer::notice("Frontend was previously shut down, cannot disable.\n");
  if (frontend->state() == live::FrontendState::paused) return Answer::notice("All sockets are already disabled.\n");
  return order(call, call.runtime.services.pause_frontend, *frontend,
               "Failed to pause frontend, check logs for precise cause.\n");
}

Answer run_enable_frontend(Call& call) {
  auto frontend = find_frontend(call, 2);
  if (!frontend) return frontend.error;
  if (frontend->state() == live::FrontendState::stopped)
    return Answer::error("Frontend was previously shut down, cannot enable.\n");
  if (frontend->state() != live::FrontendState::paused) return Answer::notice("All sockets are already enabled.\n");
  return order(call, call.runtime.services.resume_frontend, *frontend,
               "Failed to resume frontend, check logs for precise cause (port conflict?).\n");
}

Answer run_shutdown_frontend(Call& call) {
  auto frontend = find_frontend(call, 2);
  if (!frontend) return frontend.error;
  if (frontend->state() == live::FrontendState::stopped) return Answer::notice("Frontend was already shut down.\n");
  return order(call, call.runtime.services.stop_frontend, *frontend, "Failed to shut the frontend down.\n");
}

Answer run_set_maxconn_frontend(Call& call) {
  auto frontend = find_frontend(call, 3);
  if (!frontend) return frontend.error;
  if (call.word(4).empty()) return Answer::error("Integer value expected.\n");
  const long long maxconn = leading_number(call.word(4));
  if (maxconn < 0) return Answer::error(std::string(out_of_range));
  frontend->set_maxconn(static_cast<uint32_t>(maxconn));
  look_again(call);
  return Answer::done();
}

Answer run_set_maxconn_global(Call& call) {
  if (call.word(3).empty()) return Answer::error(std::string(no_number));
  live::ProcessCounters& process = call.runtime.state.process;
  const long long maxconn = leading_number(call.word(3));
  if (maxconn > process.hard_maxconn) return Answer::error(std::string(out_of_range));
  // Nothing, or less, means all there is.
  process.maxconn = maxconn > 0 ? static_cast<uint32_t>(maxconn) : process.hard_maxconn;
  look_again(call);
  return Answer::done();
}

Answer run_set_rate_limit(Call& call) {
  live::ProcessCounters& process = call.runtime.state.process;
  const std::string& what = call.word(2);
  const bool known =
      what == "connections" || what == "sessions" || what == "ssl-sessions" || what == "http-compression";
  if (!known || call.word(3) != "global")
    return Answer::error(
        "'set rate-limit' only supports :\n"
        "   - 'connections global' to set the per-process maximum connection rate\n"
        "   - 'sessions global' to set the per-process maximum session rate\n"
        "   - 'ssl-sessions global' to set the per-process maximum SSL session rate\n"
        "   - 'http-compression global' to set the per-process maximum compression speed in kB/s\n");
  if (call.word(4).empty()) return Answer::error(std::string(no_number));
  const long long limit = leading_number(call.word(4));
  if (limit < 0) return Answer::error(std::string(out_of_range));
  if (what == "connections")
    process.connection_rate_limit = static_cast<uint32_t>(limit);
  else if (what == "sessions")
    process.session_rate_limit = static_cast<uint32_t>(limit);
  else
    return Answer::error("'set rate-limit " + what + "' is not supported by ddbproxy yet.\n");
  look_again(call);
  return Answer::done();
}

}  // namespace ddbproxy::admin
