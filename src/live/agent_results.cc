// What an agent's answers do to its server.
#include <fmt/format.h>

#include "live/backend.h"
#include "live/health/agent_answer.h"
#include "live/health/check_status.h"
#include "live/server_orders.h"
#include "live/server_states.h"

namespace ddbproxy::live {

void ServerStates::agent_answered(Server& server, const AgentAnswer& answer, int64_t duration_ms) {
  // So that maintenance is left for the state that the same answer tells.
  if (answer.state == AgentAnswer::State::up) server.agent_.health = 1;
  switch (answer.mode) {
    case AgentAnswer::Mode::none: break;
    case AgentAnswer::Mode::ready: set_ready(server, Cause::agent); break;
    case AgentAnswer::Mode::drain: set_drain(server, Cause::agent); break;
    case AgentAnswer::Mode::maint: set_maintenance(server, Cause::agent); break;
  }
  std::string warning;
  if (answer.weight) {
    WeightOrder order = read_weight(*answer.weight, server.initial_weight(), !server.backend().weights_can_change());
    if (order.error.empty())
      set_weight(server, order.weight);
    else
      warning = std::move(order.error);
  }
  if (answer.maxconn) {
    MaxconnOrder order = read_maxconn(*answer.maxconn);
    if (order.error.empty())
      set_maxconn(server, order.maxconn);
    else if (warning.empty())
      warning = std::move(order.error);
  }
  CheckResult result{.status = CheckStatus::checked, .duration_ms = duration_ms};
  const std::string& trouble = answer.unknown.empty() ? warning : answer.unknown;
  if (answer.state != AgentAnswer::State::none) {
    result.passed = answer.state == AgentAnswer::State::up;
    result.status = result.passed ? CheckStatus::l7_ok : CheckStatus::l7_status;
    const std::string& more = trouble.empty() ? answer.description : trouble;
    result.description = fmt::format("via agent : {}{}", answer.state_word, more.empty() ? "" : " (" + more + ")");
  } else if (!answer.unknown.empty()) {
    result.description = "agent reports an error : " + answer.unknown;
  } else if (!warning.empty()) {
    result.description = "agent warns : " + warning;
  }
  note_agent(server, result);
}

void ServerStates::agent_waits(Server& server, const std::string& why, int64_t duration_ms) {
  server.agent_.remark = why;
  server.agent_.duration_ms = duration_ms;
}

// Only an answer counts: whether the server can be reached is for its checks to tell.
void ServerStates::note_agent(Server& server, const CheckResult& result) {
  auto& agent = server.agent_;
  const bool same_status = agent.status == result.status, down = result.status == CheckStatus::l7_status;
  const int before = agent.health;
  agent.status = result.status;
  agent.duration_ms = result.duration_ms;
  agent.code = result.code;
  agent.description = short_description(result);
  agent.remark.clear();
  if (result.passed) agent.health = 1;
  if (down) agent.health = 0;
  if (result.status == CheckStatus::checked) return;
  const bool log_all = server.backend().config().log.health_checks;
  if (log_all && (!same_status || agent.health != before))
    alert(server, log::notice,
          fmt::format("Agent check for {}server {}/{} {}{}, status: {}/1 {}.", server.config().backup ? "backup " : "",
                      server.backend().name(), server.name(), result.passed ? "succeeded" : "failed",
                      check_words(result), agent.health, agent.health ? "UP" : "DOWN"),
          log::info);
  const Why why{{}, log_all ? nullptr : &result};
  const bool checks_agree = !server.checks_enabled() || server.health_.health >= server.config().check.rise;
  if (result.passed && checks_agree)
    become(server, OperState::running, why);
  else if (down)
    become(server, OperState::stopped, why);
}

}  // namespace ddbproxy::live
