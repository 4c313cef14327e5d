// Watches all servers: checks them, hears of sessions that fail on them, and raises those in slowstart.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "live/health/agent_checker.h"
#include "live/health/checker.h"
#include "live/state.h"

namespace ddbproxy::live {

/// Lives on the control loop. Made before the workers start, and destroyed after they have stopped.
class HealthMonitor final : public Server::ErrorListener {
 public:
  /// Without an evaluator no script may ask for anything.
  HealthMonitor(State& state, ServerStates& states, net::Loop& loop, CheckEvaluator* evaluator = nullptr);
  ~HealthMonitor();
  HealthMonitor(const HealthMonitor&) = delete;
  HealthMonitor& operator=(const HealthMonitor&) = delete;

  /// Begins to check; the first checks are spread over time.
  void start();
  /// A server that is added while the proxy runs. Its checks and its agent do nothing until they are enabled.
  void add(Server& server);
  /// One that the configuration has, and that nobody watches yet.
  void begin(Server& server);
  /// It is deleted: nothing is asked of it any more.
  void remove(Server& server);
  /// Everybody goes by another configuration: the next checks do, too.
  void configuration_changed();
  /// Another interval: not after the end of an old, longer one.
  void interval_changed(Server& server);

 private:
  void watch(Server& server);
  void errors_reached(Server& server, int errors) override;
  void on_errors(Server& server, int errors);
  void raise_starting();
  void wait_for_next_step();

  State& state_;
  ServerStates& states_;
  net::Loop& loop_;
  CheckEvaluator* evaluator_;
  std::vector<std::unique_ptr<Checker>> checkers_;
  std::vector<std::unique_ptr<AgentChecker>> agents_;
  std::unordered_map<const Server*, Checker*> by_server_;
  net::Timer slowstart_;
};

}  // namespace ddbproxy::live
