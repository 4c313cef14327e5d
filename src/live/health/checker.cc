#include "live/health/checker.h"

#include "live/backend.h"
#include "live/health/external_check.h"
#include "live/health/schedule.h"
#include "live/health/script_check.h"

namespace ddbproxy::live {

namespace {

std::unique_ptr<Check> make_check(Server& server, net::Loop& loop, CheckEvaluator* evaluator,
                                  Check::Listener& listener) {
  if (server.backend().settings().checks.method == model::CheckMethod::external)
    return std::make_unique<ExternalCheck>(server, loop, listener);
  const CheckScript script{server.backend().settings().checks, server.check_place(), false, evaluator};
  return std::make_unique<ScriptCheck>(server, script, loop, listener);
}

}  // namespace

Checker::Checker(Server& server, ServerStates& states, net::Loop& loop, CheckEvaluator* evaluator)
    : server_(server),
      states_(states),
      loop_(loop),
      evaluator_(evaluator),
      generation_(server.backend().current().generation.shared_from_this()),
      check_(make_check(server, loop, evaluator, *this)) {
  timer_.bind<&Checker::on_timer>(loop, *this);
}

void Checker::start(base::Milliseconds delay) { arm(delay); }

void Checker::arm(base::Milliseconds delay) {
  due_ = base::now() + delay;
  timer_.arm(delay);
}

void Checker::hurry(base::Milliseconds delay) {
  if (!server_.check_running() && base::now() + delay < due_) arm(delay);
}

void Checker::renew() {
  outdated_ = server_.check_running();
  if (outdated_) return;
  check_ = make_check(server_, loop_, evaluator_, *this);
  generation_ = server_.backend().current().generation.shared_from_this();
}

void Checker::on_timer() {
  if (server_.check_running()) return ended(check_->time_out());
  if (server_.backend().stopped()) return;
  if (server_.checks_paused() || !server_.checks_enabled()) return wait();
  begin();
}

void Checker::begin() {
  if (outdated_) renew();
  server_.check_running_ = true;
  began_ = base::now();
  connecting();
  if (const auto result = check_->start()) ended(*result);
}

void Checker::connecting() { arm(check_time_limit(server_.config().check.inter, server_.backend().config().timeouts)); }

void Checker::connected() {
  if (const auto limit = check_answer_limit(server_.backend().config().timeouts)) arm(*limit);
}

void Checker::ended(const CheckResult& result) {
  server_.check_running_ = false;
  if (server_.backend().stopped()) return;
  // A server that went into maintenance meanwhile is not judged.
  if (!server_.checks_paused() && server_.checks_enabled()) {
    CheckResult timed = result;
    timed.duration_ms = base::milliseconds_between(began_, base::now());
    states_.health_result(server_, timed);
  }
  wait();
}

void Checker::wait() {
  const base::Milliseconds interval =
      check_interval(server_.config().check, server_.health().health, server_.oper_state());
  arm(spread_randomly(interval, server_.backend().global().spread_checks));
}

}  // namespace ddbproxy::live
