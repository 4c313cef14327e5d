#include "live/server_states.h"

#include <fmt/format.h>

#include "live/backend.h"
#include "live/mail/alert_mails.h"
#include "live/queue.h"
#include "live/state.h"
#include "log/console.h"

namespace ddbproxy::live {
namespace {

bool has_servers(const Backend& backend) { return backend.active_servers() + backend.backup_servers() > 0; }

bool runs(OperState state) { return state == OperState::running || state == OperState::starting; }

std::string via_words(const Server& server) {
  const Server* tracked = server.tracked();
  return tracked ? fmt::format(" via {}/{}", tracked->backend().name(), tracked->name()) : "";
}

const char* forced_by(Cause cause) {
  return cause == Cause::web_interface ? "changed from Web interface" : "changed from CLI";
}

}  // namespace

void ServerStates::say(Server& server, log::Level level, const std::string& text) {
  if (heard_) return heard_->push_back(text);
  server.backend().logger().write(level, text);
  log::console(log::ConsoleLevel::warning, text);
}

void ServerStates::alert(Server& server, log::Level level, const std::string& text, log::Level mail_level) {
  say(server, level, text);
  if (heard_ || !state_.mails) return;
  std::string_view sentence = text;
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  state_.mails->send(server.backend(), mail_level, sentence);
}

void ServerStates::publish(Server& server, Absence absence) {
  Backend& backend = server.backend();
  const bool had_servers = has_servers(backend);
  backend.refresh(server);
  if (had_servers || !has_servers(backend) || absence == Absence::running) return;
  const base::Instant now = base::now();
  if (absence == Absence::counted) backend.down_seconds += base::milliseconds_between(backend.last_change, now) / 1000;
  backend.last_change = now;
}

void ServerStates::warn_if_backend_died(Backend& backend, bool had_servers) {
  if (!had_servers || has_servers(backend)) return;
  backend.last_change = base::now();
  ++backend.down_transitions;
  if (heard_) return;
  const char* kind = backend.config().kind();
  backend.logger().write(log::emerg, fmt::format("{} {} has no server available!", kind, backend.name()));
  log::console(log::ConsoleLevel::alert, fmt::format("{} '{}' has no server available!", kind, backend.name()));
}

// Both last of all: the line before counts the sessions or says why they end, and workers log their ends at once.
void ServerStates::shut_down_sessions(Server& server) {
  if (server.config().shutdown_sessions_on_down && state_.hooks.shutdown_sessions)
    state_.hooks.shutdown_sessions(server, 'D');
}

void ServerStates::shut_down_backups(Server& server) {
  if (!server.config().shutdown_backup_sessions_on_up || server.config().backup || !server.eligible()) return;
  if (!state_.hooks.shutdown_sessions) return;
  for (const auto& other : server.backend().servers())
    if (other->config().backup) state_.hooks.shutdown_sessions(*other, 'U');
}

void ServerStates::retire(Server& server) {
  Backend& backend = server.backend();
  const bool had_servers = has_servers(backend);
  server.admin_ = server.admin_state() | forced_maint;
  server.oper_state_ = OperState::stopped;
  publish(server);
  backend.queue_->empty_line(server);
  warn_if_backend_died(backend, had_servers);
}

void ServerStates::forget_inherited(Server& server) {
  const Server* tracked = server.tracked();
  if (!tracked || !tracked->in_maintenance()) take_flag(server, inherited_maint);
  if (!tracked || !tracked->draining()) take_flag(server, inherited_drain);
}

// Operational state.

void ServerStates::become(Server& server, OperState state, const Why& why) {
  const OperState before = server.oper_state();
  if (server.in_maintenance() || state == before || (runs(state) && runs(before))) return;
  switch (state) {
    case OperState::stopped: go_down(server, why); break;
    case OperState::stopping: stop(server, why); break;
    case OperState::starting:
    case OperState::running: go_up(server, why); break;
  }
  if (server.draining()) remain_in_drain(server);
  for (Server* tracker : server.trackers_) become(*tracker, state, {});
}

void ServerStates::go_down(Server& server, const Why& why) {
  Backend& backend = server.backend();
  const bool had_servers = has_servers(backend);
  const bool was_leaving = server.oper_state() == OperState::stopping || server.draining();
  server.oper_state_ = OperState::stopped;
  server.health_.last_change = base::now();
  ++server.health_.down_transitions;
  publish(server);
  const uint32_t moved = backend.queue_->redistribute(server);
  alert(server, was_leaving ? log::notice : log::alert,
        server_title(server) + " is DOWN" + reason_words(server, why) + balance_words(server, moved) + ".");
  warn_if_backend_died(backend, had_servers);
  shut_down_sessions(server);
}

void ServerStates::stop(Server& server, const Why& why) {
  Backend& backend = server.backend();
  const bool had_servers = has_servers(backend);
  server.oper_state_ = OperState::stopping;
  server.health_.last_change = base::now();
  publish(server);
  const uint32_t moved = backend.queue_->redistribute(server);
  say(server, log::notice,
      server_title(server) + " is stopping" + reason_words(server, why) + balance_words(server, moved) + ".");
  warn_if_backend_died(backend, had_servers);
}

void ServerStates::start(Server& server, Absence absence) {
  auto& health = server.health_;
  const base::Instant now = base::now();
  if (server.oper_state() == OperState::stopped && absence == Absence::counted)
    health.down_seconds += base::milliseconds_between(health.last_change, now) / 1000;
  health.last_change = now;
  const bool slowly = server.config().slowstart.count() > 0;
  server.slowstart_since_ = now;
  server.oper_state_ = slowly ? OperState::starting : OperState::running;
  server.recalculate_weight(now);
  publish(server, absence);
  if (!slowly) return;
  std::erase(state_.starting, &server);
  state_.starting.push_back(&server);
  if (state_.slowstart_begun) state_.slowstart_begun();
}

void ServerStates::go_up(Server& server, const Why& why) {
  start(server, Absence::counted);
  const uint32_t moved = server.backend().queue_->serve(server);
  alert(server, log::notice,
        server_title(server) + " is UP" + reason_words(server, why) + balance_words(server, moved) + ".");
  shut_down_backups(server);
}

void ServerStates::force_up(Server& server, Cause cause) {
  server.health_.health = server.full_health();
  become(server, OperState::running, {forced_by(cause)});
}

void ServerStates::force_stopping(Server& server, Cause cause) {
  server.health_.health = server.full_health();
  become(server, OperState::stopping, {forced_by(cause)});
}

void ServerStates::force_down(Server& server, Cause cause) {
  server.health_.health = 0;
  become(server, OperState::stopped, {forced_by(cause)});
}

void ServerStates::force_agent_up(Server& server, Cause cause) {
  server.agent_.health = 1;
  become(server, OperState::running, {forced_by(cause)});
}

void ServerStates::force_agent_down(Server& server, Cause cause) {
  server.agent_.health = 0;
  become(server, OperState::stopped, {forced_by(cause)});
}

// Administrative state.

void ServerStates::set_ready(Server& server, Cause) {
  take_flag(server, forced_drain);
  take_flag(server, forced_maint);
}

void ServerStates::set_drain(Server& server, Cause cause) {
  add_flag(server, forced_drain, cause == Cause::web_interface ? " ('stop' on stats page)" : "");
  take_flag(server, forced_maint);
}

void ServerStates::set_maintenance(Server& server, Cause cause) {
  add_flag(server, forced_maint, cause == Cause::web_interface ? " ('disable' on stats page)" : "");
  take_flag(server, forced_drain);
}

void ServerStates::resolved(Server& server) {
  if (!(server.admin_state() & resolution_maint)) return;
  take_flag(server, resolution_maint);
  say(server, log::notice, server_title(server) + " administratively READY thanks to valid DNS answer.");
}

void ServerStates::add_flag(Server& server, Admin flag, std::string_view cause) {
  const uint8_t before = server.admin_state();
  if (before & flag) return;
  server.admin_ = before | flag;
  admin_changed(server, before, cause);
  const uint8_t kind = flag & any_maint ? any_maint : any_drain;
  if (before & kind) return;  // its trackers have inherited it already
  for (Server* tracker : server.trackers_)
    add_flag(*tracker, flag & any_maint ? inherited_maint : inherited_drain, cause);
}

void ServerStates::take_flag(Server& server, Admin flag) {
  const uint8_t before = server.admin_state();
  if (!(before & flag)) return;
  server.admin_ = before & ~flag;
  admin_changed(server, before, "");
  const uint8_t kind = flag & any_maint ? any_maint : any_drain;
  if (server.admin_state() & kind) return;  // its trackers go on inheriting it
  for (Server* tracker : server.trackers_) take_flag(*tracker, flag & any_maint ? inherited_maint : inherited_drain);
}

// Maintenance goes before drain: what happens to the drain flag while in maintenance is silent.
void ServerStates::admin_changed(Server& server, uint8_t before, std::string_view cause) {
  const uint8_t after = server.admin_state();
  if (!(before & any_maint) && (after & any_maint)) {
    enter_maintenance(server, cause);
  } else if ((before & any_maint) && !(after & any_maint)) {
    leave_maintenance(server, before);
  } else if (after & any_maint) {
    if ((before & resolution_maint) && !(after & resolution_maint))
      say(server, log::notice,
          fmt::format("{} ('{}') resolves again but remains in maintenance.", server_title(server), server.host()));
    else if ((before & forced_maint) && !(after & forced_maint))
      say(server, log::notice,
          server_title(server) + " is leaving forced maintenance but remains in maintenance" + via_words(server) + ".");
    else if ((before & inherited_maint) && !(after & inherited_maint))
      say(server, log::notice, server_title(server) + " remains in forced maintenance.");
  }
  if (after & any_maint) return;
  if (!(before & any_drain) && (after & any_drain))
    enter_drain(server, cause);
  else if ((before & any_drain) && !(after & any_drain))
    leave_drain(server);
  else if (after & any_drain)
    remain_in_drain(server);
}

void ServerStates::enter_maintenance(Server& server, std::string_view cause) {
  Backend& backend = server.backend();
  const bool had_servers = has_servers(backend);
  const std::string via = server.admin_state() & forced_maint ? "" : via_words(server);
  if (server.checks_enabled()) {
    server.checks_paused_ = true;
    server.health_.health = 0;
  }
  if (server.oper_state() == OperState::stopped) {
    publish(server);
    say(server, log::notice,
        fmt::format("{} was DOWN and now enters maintenance{}{}.", server_title(server), cause, via));
    return;
  }
  const bool was_leaving = server.oper_state() == OperState::stopping || server.draining();
  server.health_.health = 0;
  server.health_.last_change = base::now();
  ++server.health_.down_transitions;
  server.oper_state_ = OperState::stopped;
  publish(server);
  const uint32_t moved = backend.queue_->redistribute(server);
  say(server, was_leaving ? log::notice : log::alert,
      fmt::format("{} is going DOWN for maintenance{}{}{}.", server_title(server), cause, via,
                  balance_words(server, moved)));
  warn_if_backend_died(backend, had_servers);
  shut_down_sessions(server);
}

// It is up at once, unless its agent or what it tracks is down; one failed check takes it down again.
void ServerStates::leave_maintenance(Server& server, uint8_t before) {
  if (server.checks_enabled()) {
    server.checks_paused_ = false;
    server.health_.health = server.config().check.rise;
  }
  const Server* tracked = server.tracked();
  if (!server.agent_holds_down() && (!tracked || tracked->oper_state() != OperState::stopped)) {
    if (tracked && tracked->oper_state() == OperState::stopping) {
      server.oper_state_ = OperState::stopping;
      publish(server, Absence::forgotten);
    } else {
      start(server, Absence::forgotten);
    }
  }
  const bool resolved = before & resolution_maint;
  say(server, log::notice,
      fmt::format("{}{} is {}/{} ({}).", server_title(server), resolved ? fmt::format(" ('{}')", server.host()) : "",
                  server.oper_state() == OperState::stopped ? "DOWN" : "UP", server.draining() ? "DRAIN" : "READY",
                  resolved                ? "resolves again"
                  : before & forced_maint ? "leaving forced maintenance"
                                          : "leaving maintenance"));
  shut_down_backups(server);
  server.backend().queue_->serve(server);
}

void ServerStates::enter_drain(Server& server, std::string_view cause) {
  Backend& backend = server.backend();
  const bool had_servers = has_servers(backend);
  server.health_.last_change = base::now();
  publish(server);
  const uint32_t moved = backend.queue_->redistribute(server);
  alert(server, log::notice,
        fmt::format("{} enters drain state{}{}{}.", server_title(server), cause,
                    server.admin_state() & forced_drain ? "" : via_words(server), balance_words(server, moved)));
  warn_if_backend_died(backend, had_servers);
}

void ServerStates::leave_drain(Server& server) {
  auto& health = server.health_;
  const base::Instant now = base::now();
  health.down_seconds += base::milliseconds_between(health.last_change, now) / 1000;
  health.last_change = now;
  say(server, log::notice,
      fmt::format("{} is {} (leaving forced drain).", server_title(server),
                  server.oper_state() == OperState::stopped ? "DOWN" : "UP"));
  publish(server);
  server.backend().queue_->serve(server);
}

void ServerStates::remain_in_drain(Server& server) {
  const bool forced = server.admin_state() & forced_drain;
  say(server, log::notice,
      server_title(server) + (forced ? " remains in forced drain mode."
                                     : " is leaving forced drain but remains in drain mode" + via_words(server) + "."));
}

// Weights and limits.

bool ServerStates::set_weight(Server& server, int weight) {
  if (weight < 0 || weight > 256) return false;
  Backend& backend = server.backend();
  const bool had_servers = has_servers(backend);
  server.user_weight_ = weight;
  server.recalculate_weight(base::now());
  publish(server, Absence::running);
  warn_if_backend_died(backend, had_servers);
  if (!server.in_maintenance() && server.draining()) remain_in_drain(server);
  return true;
}

void ServerStates::set_maxconn(Server& server, uint32_t maxconn) {
  server.maxconn_ = maxconn;
  server.backend().queue_->serve(server);
}

void ServerStates::advance_slowstart(Server& server, base::Instant now) {
  if (server.oper_state() != OperState::starting) return;
  server.recalculate_weight(now);
  publish(server);
  const uint32_t moved = server.backend().queue_->serve(server);
  if (server.oper_state() == OperState::running)
    alert(server, log::notice,
          server_title(server) + " is UP" + reason_words(server, {}) + balance_words(server, moved) + ".");
}

}  // namespace ddbproxy::live
