// Every change of a server's state, in one place: health results, administrative orders, weights, tracking, and the log lines they cause.
#pragma once

#include <cstdint>
#include <string_view>

#include "live/server.h"

namespace ddbproxy::live {

class State;

/// Who asked for an administrative change; ends up in the log line. The page's actions ready, drain and maint are logged
/// as the runtime API's; web_interface stands for its old ones, which name themselves ("('disable' on stats page)" of
/// set_maintenance, "('stop' on stats page)" of set_drain), and for forced health ("changed from Web interface").
enum class Cause : uint8_t { runtime_api, web_interface, tracking, configuration };

/// How one check ended.
struct CheckResult {
  CheckStatus status{};
  bool passed = false;
  int64_t duration_ms = 0;
  int code = 0;
  std::string_view description;
};

/// Control thread only. Each call changes the state, publishes the new rota before it returns, tells trackers, redistributes
/// queues, writes haproxy's log lines, and calls the hooks for on-marked-down and on-marked-up.
class ServerStates {
 public:
  explicit ServerStates(State& state) : state_(state) {}

  void health_result(Server& server, const CheckResult& result);
  /// `set server state ready|drain|maint`, `disable|enable server`.
  void set_ready(Server& server, Cause cause);
  void set_drain(Server& server, Cause cause);
  void set_maintenance(Server& server, Cause cause);
  /// `set server health up|stopping|down`.
  void force_up(Server& server, Cause cause);
  void force_stopping(Server& server, Cause cause);
  void force_down(Server& server, Cause cause);
  /// `enable|disable health`: pauses the server's own checks; its state stays as it is.
  void set_health_checks(Server& server, bool on);
  /// 0..256; false when out of range.
  bool set_weight(Server& server, int weight);
  void set_maxconn(Server& server, uint32_t maxconn);
  /// Called every so often while a server is in slowstart.
  void advance_slowstart(Server& server, base::Instant now);

 private:
  State& state_;
};

}  // namespace ddbproxy::live
