#include "live/update.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "live/dynamic_servers.h"
#include "live/farewell.h"
#include "live/health/health_monitor.h"
#include "live/names/server_names.h"
#include "live/queue.h"
#include "live/server_states.h"
#include "net/network_namespace.h"

namespace ddbproxy::live {
namespace {

/// The two groups of a backend never exchange a server, and one with another id is another one: what goes by ids
/// (rings, stored choices) shall not go on with it.
bool is_same(const model::Server& before, const model::Server& after) {
  return before.backup == after.backup && before.forced_id == after.forced_id &&
         (!after.forced_id || before.id == after.id);
}

}  // namespace

std::vector<ServerChanges> Update::carry_out(std::shared_ptr<Generation> next) {
  const std::shared_ptr<const Generation> before = state_.publish(next);
  for (FrontendConfig& config : next->frontend_configs()) config.frontend.adopt(config);
  const bool other_sections = names_.change_sections();
  std::vector<ServerChanges> all;
  for (const BackendConfig& config : next->backend_configs()) {
    ServerChanges changes{.backend = config.proxy.name, .added = {}, .removed = {}};
    bring_up_to_date(config, changes);
    if (!changes.added.empty() || !changes.removed.empty()) all.push_back(std::move(changes));
  }
  std::unordered_set<const Backend*> kept;
  for (const auto& backend : next->backends()) kept.insert(backend.get());
  for (const auto& backend : before->backends())
    if (!kept.contains(backend.get())) end(*backend);
  if (other_sections) names_.start();
  renew_trackers();
  health_.configuration_changed();
  return all;
}

void Update::see_off(std::shared_ptr<const Generation> generation) { farewell_.take(std::move(generation)); }

void Update::bring_up_to_date(const BackendConfig& config, ServerChanges& changes) {
  Backend& backend = config.backend;
  if (!backend.begun()) {
    backend.begin(config);
    for (const auto& server : backend.servers()) servers_.watch(*server);
    return;
  }
  const BackendConfig& before = backend.current();
  const bool stopped = backend.stopped();
  backend.adopt(config);
  // Those that go make room for others of their name or id first, but go last: there is always somebody to serve.
  std::unordered_map<std::string_view, const model::Server*> configured;
  for (const model::Server& server : config.settings().servers) configured.emplace(server.name, &server);
  std::vector<Server*> leaving;
  for (const auto& server : backend.servers()) {
    const auto now = configured.find(server->name());
    const bool stays = now == configured.end() ? server->added() : is_same(server->config(), *now->second);
    if (!stays) leaving.push_back(server.get());
  }
  for (const Server* server : leaving) give_up_name(*server);
  for (const model::Server& server : config.settings().servers) {
    if (Server* known = backend.find(server.name)) {
      change(*known, server);
    } else {
      servers_.add(backend, server);
      changes.added.push_back(server.name);
    }
  }
  for (Server* server : leaving) remove(*server, before.generation, changes);
  backend.put_in_order();
  if (before.settings().balance != config.settings().balance)
    for (auto& balancer : backend.rebalance()) farewell_.take(std::move(balancer));
  if (config.proxy.disabled) {
    end(backend);
  } else if (stopped) {
    backend.go_on();
    for (const auto& server : backend.servers()) {
      servers_.forget(*server);
      servers_.watch(*server);
    }
  }
}

void Update::change(Server& server, const model::Server& after) {
  const model::Server& before = server.config();
  server.config_.store(&after, std::memory_order_release);
  if (!after.network_namespace.empty()) net::open_network_namespace(after.network_namespace);
  change_address(server, before, after);
  if (before.weight != after.weight) states_.set_weight(server, after.weight);
  if (Server::maxconn_of(before) != Server::maxconn_of(after)) states_.set_maxconn(server, Server::maxconn_of(after));
  change_checks(server, before, after);
  if (before.disabled && !after.disabled) states_.set_ready(server, Cause::configuration);
  if (!before.disabled && after.disabled) states_.set_maintenance(server, Cause::configuration);
}

void Update::change_address(Server& server, const model::Server& before, const model::Server& after) {
  if (!(before.resolution == after.resolution) || before.host != after.host) {
    server.host_ = after.host;
    if (after.resolution.section < 0 || !after.address.empty()) server.set_address(after.address);
    names_.renew(server);
    if (server.admin_state() & resolution_maint && !server.address().empty()) states_.located(server);
  } else if (!(before.address == after.address)) {
    server.set_address(after.address);
  }
  if (before.port != after.port) server.port_ = after.port;
}

void Update::change_checks(Server& server, const model::Server& before, const model::Server& after) {
  if (Server::check_place_of(before) != Server::check_place_of(after))
    server.check_place_ = Server::check_place_of(after);
  if (Server::agent_place_of(before) != Server::agent_place_of(after))
    server.agent_place_ = Server::agent_place_of(after);
  if (before.agent.send != after.agent.send) server.agent_send_ = after.agent.send;
  if (before.check.rise != after.check.rise || before.check.fall != after.check.fall) {
    // As far from a change of mind as it may be: what has been counted was counted for other bounds.
    const bool up = server.health_.health >= before.check.rise;
    server.health_.health = up ? server.full_health() : 0;
  }
  if (before.check.enabled == after.check.enabled && before.agent.enabled == after.agent.enabled) {
    if (before.check.inter != after.check.inter || before.check.fastinter != after.check.fastinter ||
        before.check.downinter != after.check.downinter)
      health_.interval_changed(server);
    return;
  }
  health_.remove(server);
  server.check_running_ = server.agent_running_ = false;
  if (before.check.enabled != after.check.enabled) {
    server.checks_enabled_ = after.check.enabled;
    server.checks_paused_ = server.in_maintenance();
    // Nobody would say that it is up again.
    if (!after.check.enabled && server.oper_state() == OperState::stopped && !server.in_maintenance())
      states_.force_up(server, Cause::configuration);
  }
  if (before.agent.enabled != after.agent.enabled) {
    server.agent_enabled_ = after.agent.enabled;
    server.agent_.health = 1;
  }
  health_.begin(server);
}

void Update::give_up_name(const Server& server) {
  Backend& backend = server.backend();
  const auto lock = backend.queue_->lock();
  backend.by_name_.erase(server.name());
  backend.by_id_.erase(server.id());
}

void Update::remove(Server& server, const Generation& its_generation, ServerChanges& changes) {
  ServerChanges::Removed& removed =
      changes.removed.emplace_back(ServerChanges::Removed{server.name(), server.current_sessions()});
  states_.retire(server);
  removed.server = servers_.remove(server, its_generation.shared_from_this());
}

/// Its proxy is gone, or disabled: sessions go on, and nobody asks after its servers.
void Update::end(Backend& backend) {
  backend.stop();
  for (const auto& server : backend.servers()) {
    servers_.forget(*server);
    std::erase(state_.starting, server.get());
  }
}

void Update::renew_trackers() {
  std::vector<std::pair<Server*, const Server*>> followed;
  for (const auto& backend : state_.backends())
    for (const auto& server : backend->servers()) {
      server->trackers_.clear();
      if (server->tracked_) followed.emplace_back(server.get(), server->tracked_);
      server->tracked_ = nullptr;
    }
  state_.link_trackers();
  for (const auto& [server, before] : followed)
    if (server->tracked_ != before) states_.forget_inherited(*server);
}

}  // namespace ddbproxy::live
