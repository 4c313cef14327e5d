// Asks one server's agent again and again, and does what it says.
#pragma once

#include "live/health/script_check.h"
#include "live/server_states.h"
#include "net/loop.h"

namespace ddbproxy::live {

/// Lives on the control loop. Unlike checks it goes on in maintenance, which the agent may end; with its proxy
/// it stops, as checks do.
class AgentChecker final : public Check::Listener {
 public:
  AgentChecker(Server& server, ServerStates& states, net::Loop& loop);

  /// The first question comes after `delay`.
  void start(base::Milliseconds delay) { timer_.arm(delay); }
  const Server& server() const { return server_; }
  base::Milliseconds interval() const { return server_.config().agent.inter; }

 private:
  void on_timer();
  void ended(const CheckResult& result) override;
  void connecting() override;
  void connected() override;
  void waits_in_vain(const std::string& why) override;
  void wait();

  Server& server_;
  ServerStates& states_;
  model::CheckSettings settings_;  // The script: connect, send what agent-send says, read a line.
  ScriptCheck check_;
  net::Timer timer_;
  base::Instant began_{};
  std::optional<int64_t> duration_ms_;  // When it ended before the time that it waits for.
};

}  // namespace ddbproxy::live
