#include "live/health/agent_checker.h"

#include "live/backend.h"
#include "live/health/agent_answer.h"
#include "live/health/schedule.h"

namespace ddbproxy::live {
namespace {

using model::CheckStep;

model::CheckSettings agent_script() {
  CheckStep connect{.kind = CheckStep::Kind::connect}, send{.kind = CheckStep::Kind::send},
      expect{.kind = CheckStep::Kind::expect};
  connect.connect.implicit = true;
  expect.expect.match = model::CheckExpect::Match::agent_line;
  model::CheckSettings settings;
  settings.method = model::CheckMethod::protocol;
  settings.steps = {connect, send, expect};
  return settings;
}

}  // namespace

AgentChecker::AgentChecker(Server& server, ServerStates& states, net::Loop& loop)
    : server_(server),
      states_(states),
      settings_(agent_script()),
      check_(server, {settings_, server.agent_place(), true}, loop, *this) {
  timer_.bind<&AgentChecker::on_timer>(loop, *this);
}

void AgentChecker::on_timer() {
  if (server_.agent_running()) return ended(check_.time_out());
  if (server_.backend().stopped()) return;
  if (!server_.agent_enabled()) return wait();
  server_.agent_running_ = true;
  server_.agent_.remark.clear();
  settings_.steps[1].data.text = server_.agent_send();
  began_ = base::now();
  duration_ms_.reset();
  connecting();
  if (const auto result = check_.start()) ended(*result);
}

void AgentChecker::connecting() { timer_.arm(check_time_limit(interval(), server_.backend().config().timeouts)); }

void AgentChecker::connected() {
  if (const auto limit = check_answer_limit(server_.backend().config().timeouts)) timer_.arm(*limit);
}

void AgentChecker::ended(const CheckResult& result) {
  server_.agent_running_ = false;
  if (server_.backend().stopped()) return;
  const int64_t duration = duration_ms_.value_or(base::milliseconds_between(began_, base::now()));
  if (server_.agent_enabled()) {
    if (result.passed) {
      states_.agent_answered(server_, read_agent_answer(result.description), duration);
    } else {
      CheckResult timed = result;
      timed.duration_ms = duration;
      states_.agent_failed(server_, timed);
    }
  }
  wait();
}

void AgentChecker::waits_in_vain(const std::string& why) {
  duration_ms_ = base::milliseconds_between(began_, base::now());
  states_.agent_waits(server_, why, *duration_ms_);
}

void AgentChecker::wait() { timer_.arm(spread_randomly(interval(), server_.backend().global().spread_checks)); }

}  // namespace ddbproxy::live
