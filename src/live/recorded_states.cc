// What a file of server states does to the servers of a process that starts.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "live/backend.h"
#include "live/health/check_status.h"
#include "live/server_orders.h"
#include "live/server_states.h"
#include "live/state.h"

namespace ddbproxy::live {
namespace {

constexpr std::string_view after_reload = "changed from server-state after a reload";
constexpr uint8_t check_configured = 2, check_enabled = 4;

/// "As it was" without a check's answer: the words of a check of which nothing is known.
const CheckResult unknown_check{};

/// Reads a place of checks into `place`, of which empty texts leave their half; why not, when something is wrong.
std::string read_place(const std::string& address, const std::string& port, Server::CheckPlace& place) {
  std::string error;
  if (!address.empty()) error = read_check_address(address, place);
  if (error.empty() && !port.empty()) error = read_check_port(port, place);
  return error;
}

}  // namespace

std::vector<std::string> ServerStates::restore() {
  std::vector<std::string> said;
  heard_ = &said;
  for (const auto& backend : state_.backends()) {
    const auto& servers = backend->servers();
    const auto recorded = [](const auto& server) { return server->config().record != nullptr; };
    if (backend->config().disabled || std::none_of(servers.begin(), servers.end(), recorded)) continue;
    // Until all is restored, those without an address are taken for what their records say.
    std::vector<Server*> unresolved;
    for (const auto& server : servers)
      if (server->admin_state() & resolution_maint) unresolved.push_back(server.get());
    silently([&] {
      for (Server* server : unresolved) {
        take_flag(*server, resolution_maint);
        server->health_.down_transitions = 0;
      }
    });
    for (const auto& server : servers)
      if (recorded(server)) restore(*server, *server->config().record);
    silently([&] {
      for (Server* server : unresolved) add_flag(*server, resolution_maint, "");
    });
  }
  heard_ = nullptr;
  return said;
}

template <class Change>
void ServerStates::silently(const Change& change) {
  std::vector<std::string> unheard;
  std::vector<std::string>* const before = std::exchange(heard_, &unheard);
  change();
  heard_ = before;
}

void ServerStates::restore(Server& server, const model::ServerRecord& record) {
  const auto complain = [&](std::string_view what, std::string_view why) {
    heard_->push_back(
        fmt::format("server-state {} for server '{}/{}', {}", what, server.backend().name(), server.name(), why));
  };
  if (!record.failure.empty()) return complain("application failed", record.failure);
  // Without an address it is taken for what the record says, and is in maintenance for that reason afterwards.
  const bool unresolved = server.admin_state() & resolution_maint;
  if (unresolved)
    silently([&] {
      take_flag(server, resolution_maint);
      server.health_.down_transitions = 0;
    });
  restore_oper_state(server, record);
  server.health_.last_change = base::now() - std::chrono::seconds(record.seconds_since_change);
  restore_weight_and_admin_state(server, record);
  server.health_.status = record.check_status;
  if (record.check_state & check_configured)
    server.checks_enabled_ = server.checked() && record.check_state & check_enabled;
  if (record.agent_state & check_configured)
    server.agent_enabled_ = server.has_agent() && record.agent_state & check_enabled;
  if (const std::string error = restore_places(server, record); !error.empty()) complain("partially applied", error);
}

void ServerStates::restore_oper_state(Server& server, const model::ServerRecord& record) {
  const int rise = server.config().check.rise, full = server.full_health();
  int& health = server.health_.health;
  const auto counted = [&](int least, int most, int otherwise) {
    health = record.check_health < least || record.check_health > most ? otherwise : record.check_health;
  };
  switch (static_cast<OperState>(record.oper_state)) {
    case OperState::stopped: health = 0; return become(server, OperState::stopped, {after_reload});
    case OperState::starting:
      if (rise > 1) return counted(1, rise - 1, rise - 1);
      break;
    case OperState::stopping:
      if (server.config().check.fall > 1) {
        counted(rise, full - 1, rise);
        return become(server, OperState::stopping, {after_reload});
      }
      health = 0;
      return become(server, OperState::stopped, {after_reload});
    case OperState::running: break;
  }
  health = full;
  become(server, OperState::running, {});
}

// What the configuration of before said, and what it says now, goes before what was said by hand.
void ServerStates::restore_weight_and_admin_state(Server& server, const model::ServerRecord& record) {
  const auto said = [&](uint8_t flag) { return (record.admin_state & flag) != 0; };
  const bool disabled = server.config().disabled;
  const bool maintenance = !disabled && said(forced_maint) && !said(config_maint);
  const bool drain = said(forced_drain) && (!disabled || said(config_maint));
  const base::Instant since = server.health_.last_change;
  const base::Instant now = base::now();
  const bool slowly = now - since < server.config().slowstart;
  const bool starts =
      static_cast<OperState>(record.oper_state) == OperState::starting && server.config().check.rise > 1;
  const bool away = server.oper_state() == OperState::stopped || server.oper_state() == OperState::stopping;
  if (starts && !server.in_maintenance() && (slowly || away || maintenance || drain)) {
    if (slowly || away) silently([&] { start(server, Absence::forgotten); });
    const Why why{{}, server.tracked() ? nullptr : &unknown_check};
    say(server, log::notice,
        server_title(server) + " is UP" + reason_words(server, why) + balance_words(server, 0) + ".");
  } else if (disabled && !said(forced_maint) && said(config_maint)) {
    take_flag(server, forced_maint);
    server.health_.last_change = since;
    if (server.oper_state() == OperState::starting) server.slowstart_since_ = since;
  }
  if (maintenance) silently([&] { add_flag(server, forced_maint, ""); });
  if (drain) silently([&] { add_flag(server, forced_drain, ""); });
  if (maintenance || drain) server.health_.last_change = since;
  set_weight(server, record.initial_weight == server.initial_weight() ? record.weight : server.user_weight());
}

std::string ServerStates::restore_places(Server& server, const model::ServerRecord& record) {
  const std::string& service = server.config().resolution.service;
  if (!service.empty() && !record.service.empty() && record.service != service)
    return fmt::format(
        "SRV record mismatch between configuration ('{}') and state file ('{}) for server '{}'. "
        "Previous state not applied",
        service, record.service, server.name());
  if (const std::string_view host = server.config().recorded_host(); !host.empty() && host != server.host()) {
    server.host_ = host;
    if (service.empty() && server.address().empty()) server.admin_ = server.admin_state() | host_by_hand;
  }
  Address address = server.address();
  if (address.is_ip()) {
    address.set_port(record.port);
    server.set_address(address);
  }
  server.port_ = record.port;
  std::string error;
  if (!record.check_address.empty() || !record.check_port.empty()) {
    Server::CheckPlace place = server.check_place();
    error = server.checks_enabled() ? read_place(record.check_address, record.check_port, place)
                                    : "health checks are not enabled on this server";
    if (!error.empty()) return error;
    server.set_check_place(place);
  }
  if (!record.agent_address.empty() || !record.agent_port.empty()) {
    Server::CheckPlace place = server.agent_place();
    error = server.agent_enabled() ? read_place(record.agent_address, record.agent_port, place)
                                   : "agent checks are not enabled on this server";
    if (error.empty()) server.set_agent_place(place);
  }
  return error;
}

}  // namespace ddbproxy::live
