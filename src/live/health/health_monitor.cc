#include "live/health/health_monitor.h"

#include <algorithm>

#include "live/health/schedule.h"

namespace ddbproxy::live {

HealthMonitor::HealthMonitor(State& state, ServerStates& states, net::Loop& loop, CheckEvaluator* evaluator)
    : state_(state), states_(states), loop_(loop), evaluator_(evaluator) {
  for (const auto& backend : state.backends()) {
    if (backend->config().disabled) continue;
    for (const auto& server : backend->servers()) watch(*server);
  }
  slowstart_.bind<&HealthMonitor::raise_starting>(loop, *this);
  state.slowstart_begun = [this] { wait_for_next_step(); };
}

HealthMonitor::~HealthMonitor() {
  state_.slowstart_begun = nullptr;
  for (const auto& checker : checkers_) checker->server().set_error_listener(nullptr);
}

void HealthMonitor::watch(Server& server) {
  if (server.has_agent()) agents_.push_back(std::make_unique<AgentChecker>(server, states_, loop_));
  if (!server.checked()) return;
  checkers_.push_back(std::make_unique<Checker>(server, states_, loop_, evaluator_));
  by_server_.emplace(&server, checkers_.back().get());
  server.set_error_listener(this);
}

void HealthMonitor::add(Server& server) {
  watch(server);
  if (server.has_agent()) agents_.back()->start(agents_.back()->interval());
  if (server.checked())
    checkers_.back()->start(check_interval(server.config().check, server.health().health, server.oper_state()));
}

void HealthMonitor::begin(Server& server) {
  if (server.backend().config().disabled) return;
  add(server);
  // Whether it lives is to be known soon, but not of all that a reload brings at the same moment.
  constexpr size_t at_once = 100;
  const base::Milliseconds soon{static_cast<int64_t>(checkers_.size() % at_once)};
  if (server.checked()) checkers_.back()->hurry(soon);
}

void HealthMonitor::configuration_changed() {
  for (const auto& checker : checkers_) checker->renew();
}

void HealthMonitor::interval_changed(Server& server) {
  const auto checker = by_server_.find(&server);
  if (checker == by_server_.end()) return;
  checker->second->hurry(check_interval(server.config().check, server.health().health, server.oper_state()));
}

void HealthMonitor::remove(Server& server) {
  std::erase_if(agents_, [&](const auto& agent) { return &agent->server() == &server; });
  if (!by_server_.erase(&server)) return;
  std::erase_if(checkers_, [&](const auto& checker) { return &checker->server() == &server; });
}

void HealthMonitor::start() {
  base::Milliseconds shortest{0};
  const auto count_interval = [&](base::Milliseconds inter) {
    if (inter >= often && (shortest.count() == 0 || inter < shortest)) shortest = inter;
  };
  for (const auto& checker : checkers_) count_interval(checker->server().config().check.inter);
  for (const auto& agent : agents_) count_interval(agent->interval());
  const size_t count = checkers_.size() + agents_.size();
  const base::Milliseconds longest = state_.model().global.max_spread_checks;
  size_t index = 0;
  for (const auto& checker : checkers_) {
    Server& server = checker->server();
    const base::Milliseconds own = check_interval(server.config().check, server.health().health, server.oper_state());
    checker->start(first_check(own, shortest, longest, index++, count));
  }
  for (const auto& agent : agents_) agent->start(first_check(agent->interval(), shortest, longest, index++, count));
  wait_for_next_step();
}

void HealthMonitor::errors_reached(Server& server, int errors) {
  loop_.post([this, &server, errors] { on_errors(server, errors); });
}

void HealthMonitor::on_errors(Server& server, int errors) {
  const auto checker = by_server_.find(&server);
  if (checker == by_server_.end()) return;  // deleted since the session ended
  states_.errors_observed(server, errors);
  if (const auto& fastinter = server.config().check.fastinter) checker->second->hurry(*fastinter);
}

void HealthMonitor::raise_starting() {
  const base::Instant now = base::now();
  for (Server* server : std::vector(state_.starting)) states_.advance_slowstart(*server, now);
  std::erase_if(state_.starting, [](const Server* server) { return server->oper_state() != OperState::starting; });
  wait_for_next_step();
}

// Each rises by whole seconds of its own.
void HealthMonitor::wait_for_next_step() {
  const base::Instant now = base::now();
  base::Instant next = base::Instant::max();
  for (const Server* server : state_.starting) {
    const base::Instant since = server->slowstart_since();
    next = std::min(next, since + std::chrono::floor<std::chrono::seconds>(now - since) + std::chrono::seconds(1));
  }
  if (next != base::Instant::max()) slowstart_.arm(std::chrono::ceil<base::Milliseconds>(next - now));
}

}  // namespace ddbproxy::live
