#include "stats/server_words.h"

#include <fmt/format.h>

#include "live/health/check_status.h"

namespace ddbproxy::stats {
namespace {

std::string_view server_class(const live::Server& server) {
  if (server.in_maintenance()) return "maint";
  const bool down = server.oper_state() == live::OperState::stopped;
  if (server.draining()) return down ? "down" : "drain";
  const int health = server.health().health, rise = server.config().check.rise, fall = server.config().check.fall;
  if (down) return server.checked() && health > 0 && !server.agent_holds_down() ? "rising" : "down";
  if (server.oper_state() == live::OperState::stopping || server.user_weight() == 0) return "drain";
  if (!server.checked()) return server.config().track.empty() ? "idle" : "up";
  return health < rise + fall - 1 ? "falling" : "up";
}

}  // namespace

std::string_view state_class(const Row& row) {
  switch (row.kind) {
    case RowKind::server: return server_class(*row.server);
    case RowKind::backend: return row.backend->servers().empty() || row.backend->total_weight() > 0 ? "up" : "down";
    case RowKind::frontend:
    case RowKind::listener: break;
  }
  const live::FrontendState state = row.frontend->state();
  return state == live::FrontendState::paused || state == live::FrontendState::stopped ? "off" : "up";
}

bool serves(const live::Server& server) { return server.eligible(); }

std::vector<CheckReport> check_reports(const live::Server& server) {
  std::vector<CheckReport> reports;
  const auto add = [&](std::string_view by, const live::Server::Health& health) {
    std::string result = fmt::format("{}{}", by, live::check_status_row(health.status).name);
    if (health.duration_ms >= 0) result += fmt::format(" in {} ms", health.duration_ms);
    reports.push_back({std::move(result), health.description});
  };
  if (server.checked()) add("", server.health());
  if (server.agent_enabled()) add("Agent ", server.agent());
  return reports;
}

std::string left_words(const Row& row) {
  if (!row.server || serves(*row.server)) return {};
  const uint32_t left = row.server->current_sessions();
  if (left == 0) return state_class(row) == "drain" ? "no sessions left" : "";
  return fmt::format("{} session{} left", left, left == 1 ? "" : "s");
}

std::string trouble_words(const live::Server& server) {
  if (serves(server)) return {};
  const uint8_t admin = server.admin_state();
  if (admin & live::forced_maint) return "taken out for maintenance";
  if (admin & live::inherited_maint) return "in maintenance, as " + server.config().track;
  if (admin & live::config_maint) return "disabled in the configuration";
  if (admin & live::any_maint) return "its name could not be resolved";
  if (server.oper_state() != live::OperState::stopped) {
    if (admin & live::forced_drain) return "draining";
    if (admin & live::inherited_drain) return "draining, as " + server.config().track;
    if (server.user_weight() == 0) return "weight 0";
    return "stopping";
  }
  if (server.agent_holds_down() && !server.agent().description.empty()) return server.agent().description;
  if (!server.checked()) return server.config().track.empty() ? "set down" : "down, as " + server.config().track;
  std::string words(live::check_status_row(server.health().status).words);
  if (!server.health().description.empty()) words += ": " + server.health().description;
  return words;
}

}  // namespace ddbproxy::stats
