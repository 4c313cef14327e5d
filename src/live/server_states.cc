#include "live/server_states.h"

#include <fmt/format.h>

#include "live/backend.h"
#include "live/queue.h"
#include "live/state.h"
#include "log/console.h"

namespace ddbproxy::live {
namespace {

void say(Server& server, log::Level level, const std::string& text) {
  server.backend().logger().write(level, text);
  log::console(log::ConsoleLevel::warning, text);
}

std::string full_name(const Server& server) { return fmt::format("{}/{}", server.backend().name(), server.name()); }

}  // namespace

void ServerStates::health_result(Server& server, const CheckResult& result) {
  auto& health = server.health_;
  const int rise = server.config().check.rise, fall = server.config().check.fall;
  health.status = result.status;
  health.duration_ms = result.duration_ms;
  health.code = result.code;
  health.description = result.description;
  if (result.passed) {
    if (health.health < rise + fall - 1 && ++health.health >= rise) health.health = rise + fall - 1;
    if (health.health >= rise) force_up(server, Cause::configuration);
  } else if (health.health > 0) {
    ++health.failed_checks;
    if (--health.health < rise) health.health = 0;
    if (health.health == 0) force_down(server, Cause::configuration);
  }
}

void ServerStates::set_ready(Server& server, Cause) {
  const uint8_t before = server.admin_state();
  server.admin_ = before & ~(forced_maint | config_maint | forced_drain);
  if (before & any_maint) server.oper_state_ = OperState::running;
  server.backend().refresh(server);
  if (before & forced_maint)
    say(server, log::notice, fmt::format("Server {} is UP/READY (leaving forced maintenance).", full_name(server)));
  if (before & forced_drain)
    say(server, log::notice, fmt::format("Server {} is UP (leaving forced drain).", full_name(server)));
}

void ServerStates::set_drain(Server& server, Cause) {
  server.admin_ = server.admin_state() | forced_drain;
  server.backend().refresh(server);
}

void ServerStates::set_maintenance(Server& server, Cause) {
  server.admin_ = server.admin_state() | forced_maint;
  server.oper_state_ = OperState::stopped;
  server.backend().refresh(server);
}

void ServerStates::force_up(Server& server, Cause) {
  if (server.oper_state() == OperState::running) return;
  server.oper_state_ = OperState::running;
  server.backend().refresh(server);
  server.backend().queue_->serve(server);
}

void ServerStates::force_stopping(Server& server, Cause) {
  server.oper_state_ = OperState::stopping;
  server.backend().refresh(server);
}

void ServerStates::force_down(Server& server, Cause) {
  if (server.oper_state() == OperState::stopped) return;
  server.oper_state_ = OperState::stopped;
  server.backend().refresh(server);
  server.backend().queue_->redistribute(server);
}

bool ServerStates::set_weight(Server& server, int weight) {
  if (weight < 0 || weight > 256) return false;
  server.user_weight_ = weight;
  server.effective_weight_ = weight * weight_scale;
  server.backend().refresh(server);
  return true;
}

void ServerStates::set_maxconn(Server& server, uint32_t maxconn) {
  server.maxconn_ = maxconn;
  server.backend().queue_->serve(server);
}

void ServerStates::advance_slowstart(Server& server, base::Instant) { server.backend().refresh(server); }

}  // namespace ddbproxy::live
