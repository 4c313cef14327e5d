// What the results of checks, and of sessions that are observed, do to a server's health.
#include <fmt/format.h>

#include "live/backend.h"
#include "live/health/check_status.h"
#include "live/server_states.h"

namespace ddbproxy::live {

namespace {

bool conditional(const CheckResult& result) { return result.status == CheckStatus::l7_ok_conditionally; }

const char* result_word(const CheckResult& result) {
  return !result.passed ? "failed" : conditional(result) ? "conditionally succeeded" : "succeeded";
}

}  // namespace

void ServerStates::health_result(Server& server, const CheckResult& result) {
  note_result(server, result);
  act_on_health(server, result);
  if (!result.twice) return;
  CheckResult again = result;
  again.twice = false;
  again.description.clear();
  health_result(server, again);
}

void ServerStates::note_result(Server& server, const CheckResult& result) {
  auto& health = server.health_;
  const model::Check& check = server.config().check;
  const bool same_status = health.status == result.status;
  bool counted = false;
  health.status = result.status;
  health.duration_ms = result.duration_ms;
  health.code = result.code;
  health.description = short_description(result);
  if (!result.passed) {
    if ((counted = health.health > 0)) {
      ++health.failed_checks;
      if (--health.health < check.rise) health.health = 0;
    }
  } else {
    if ((counted = health.health < server.full_health())) {
      if (++health.health >= check.rise) health.health = server.full_health();
    }
    server.consecutive_errors_.store(0, std::memory_order_relaxed);
  }
  if (!server.backend().config().log.health_checks || (same_status && !counted)) return;
  const bool up = health.health >= check.rise;
  alert(server, log::notice,
        fmt::format("Health check for {}server {}/{} {}{}, status: {}/{} {}.", server.config().backup ? "backup " : "",
                    server.backend().name(), server.name(), result_word(result), check_words(result),
                    up ? health.health - check.rise + 1 : health.health, up ? check.fall : check.rise,
                    up ? "UP" : "DOWN"),
        log::info);
}

void ServerStates::act_on_health(Server& server, const CheckResult& result) {
  // With log-health-checks the reason stands in a line of its own.
  const Why why{{}, server.backend().config().log.health_checks ? nullptr : &result};
  if (result.passed && server.health_.health >= server.config().check.rise && !server.agent_holds_down())
    become(server, conditional(result) ? OperState::stopping : OperState::running, why);
  else if (!result.passed && server.health_.health == 0)
    become(server, OperState::stopped, why);
}

void ServerStates::errors_observed(Server& server, int errors) {
  if (server.in_maintenance()) return;
  auto& health = server.health_;
  const int rise = server.config().check.rise;
  switch (server.config().on_error) {
    case model::OnError::fastinter: return;
    case model::OnError::fail_check: break;
    case model::OnError::sudden_death:
      if (health.health > rise) health.health = rise + 1;
      break;
    case model::OnError::mark_down: health.health = rise; break;
  }
  const std::string words =
      fmt::format("Detected {} consecutive errors, last one was: L4 unsuccessful connection", errors);
  health_result(server, {CheckStatus::analyzed, false, -1, 0, words});
}

void ServerStates::set_health_checks(Server& server, bool on) { server.checks_enabled_ = on && server.checked(); }

}  // namespace ddbproxy::live
