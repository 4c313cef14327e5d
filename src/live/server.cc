#include "live/server.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "live/backend.h"
#include "live/health/check_status.h"
#include "net/network_namespace.h"

namespace ddbproxy::live {

Server::Server(std::unique_ptr<const model::Server> config, Backend& backend, uint32_t index)
    : Server(*config, backend, index, true) {
  own_config_ = std::move(config);
}

Server::Server(const model::Server& config, Backend& backend, uint32_t index, bool added)
    : name_(config.name),
      config_(&config),
      backend_(backend),
      id_(config.id ? config.id : index + 1),
      index_(index),
      host_(config.host),
      port_(config.port),
      user_weight_(config.weight),
      effective_weight_(config.weight * weight_scale),
      maxconn_(maxconn_of(config)),
      check_place_(check_place_of(config)),
      checks_enabled_(config.check.enabled && !added),
      agent_place_(agent_place_of(config)),
      agent_send_(config.agent.send),
      agent_enabled_(config.agent.enabled && !added) {
  set_address(config.address);
  // Out of reach once the process has given up its rights.
  if (!config.network_namespace.empty()) net::open_network_namespace(config.network_namespace);
  health_.last_change = base::now();
  const bool named = !config.host.empty() || !config.resolution.service.empty();
  if (config.disabled)
    admin_ = config_maint | forced_maint;
  else if (config.held)
    admin_ = forced_maint;
  if (named && config.address.empty() && !added) admin_ = admin_state() | resolution_maint;
  if (admin_state() & resolution_maint) health_.down_transitions = 1;
  if (in_maintenance()) oper_state_ = OperState::stopped;
  checks_paused_ = added ? config.disabled : in_maintenance();
  // Up, but one success short of full health: the first check decides.
  health_.health = in_maintenance() ? 0 : config.check.rise;
  health_.status = CheckStatus::initializing;
  agent_.health = 1;
  agent_.status = CheckStatus::initializing;
  agent_.duration_ms = 0;
}

uint32_t Server::maxconn_of(const model::Server& config) { return config.maxconn ? config.maxconn : config.minconn; }

Server::CheckPlace Server::check_place_of(const model::Server& config) {
  return {config.check.address, config.check.port};
}

Server::CheckPlace Server::agent_place_of(const model::Server& config) {
  return {config.agent.address.empty() ? config.check.address : config.agent.address,
          config.agent.port ? config.agent.port : config.check.port};
}

void Server::set_host(const std::string& host) {
  host_ = host;
  if (!config().resolution.service.empty()) admin_ = admin_state() | host_of_service;
}

void Server::set_address(const Address& address) {
  if (address.is_ip()) port_ = address.port();
  for (const auto& known : addresses_)
    if (*known == address) return address_.store(known.get(), std::memory_order_release);
  addresses_.push_back(std::make_unique<const Address>(address));
  address_.store(addresses_.back().get(), std::memory_order_release);
}

bool Server::eligible() const {
  const OperState state = oper_state();
  return (state == OperState::running || state == OperState::starting) && !(admin_state() & (any_maint | any_drain)) &&
         effective_weight() > 0;
}

uint32_t Server::current_limit() const {
  uint32_t limit = maxconn();
  if (limit == 0) return 0;
  const uint32_t fullconn = backend_.settings().fullconn, load = backend_.current_sessions();
  if (config().minconn && config().minconn < limit && load < fullconn)
    limit = std::max(config().minconn, static_cast<uint32_t>(uint64_t{load} * limit / fullconn));
  if (oper_state() == OperState::starting && config().slowstart.count() > 0) {
    const auto passed = base::milliseconds_between(slowstart_since_.load(std::memory_order_relaxed), base::now());
    if (passed < config().slowstart.count())
      limit = std::max(1u, static_cast<uint32_t>(limit * (100 * passed / config().slowstart.count()) / 100));
  }
  return limit;
}

bool Server::saturated() const {
  if (maxconn() == 0) return false;
  return queued_.load(std::memory_order_relaxed) || active_.load(std::memory_order_relaxed) >= current_limit();
}

bool Server::take(bool from_queue) {
  const uint32_t limit = current_limit();
  if (limit == 0) {
    active_.fetch_add(1);
    return true;
  }
  if (!from_queue && queued_.load()) return false;
  uint32_t seen = active_.load();
  do {
    if (seen >= limit) return false;
  } while (!active_.compare_exchange_weak(seen, seen + 1));
  return true;
}

void Server::recalculate_weight(base::Instant now) {
  using std::chrono::seconds;
  int scale = weight_scale;
  if (oper_state() == OperState::starting) {
    const auto whole = std::chrono::ceil<seconds>(config().slowstart).count();
    const auto passed = base::milliseconds_between(slowstart_since_.load(std::memory_order_relaxed), now) / 1000;
    if (passed >= whole) {
      oper_state_ = OperState::running;
      health_.last_change = now;
    } else if (backend_.weights_can_change()) {
      scale = static_cast<int>((weight_scale * passed + whole) / whole);
    }
  }
  effective_weight_ = user_weight() * scale;
}

int Server::check_state() const {
  // haproxy pauses a check that does not exist only where the configuration says `disabled`, and then for good.
  const bool paused = checked() ? checks_paused() : config().disabled;
  return (check_running_ ? 1 : 0) | (checked() ? 2 : 0) | (checks_enabled_ ? 4 : 0) | (paused ? 8 : 0);
}

int Server::agent_state() const {
  if (!has_agent()) return 0;
  return (agent_running_ ? 1 : 0) | 2 | (agent_enabled_ ? 4 : 0) | 16;
}

const Server& Server::checked_one() const {
  const Server* server = this;
  while (server->tracked_) server = server->tracked_;
  return *server;
}

void Server::report_connection(bool established) {
  if (config().observe == model::Observe::none) return;
  if (established) {
    if (consecutive_errors_.load(std::memory_order_relaxed)) consecutive_errors_.store(0, std::memory_order_relaxed);
    return;
  }
  const int errors = consecutive_errors_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (errors < config().error_limit) return;
  consecutive_errors_.store(0, std::memory_order_relaxed);
  observed_failures.fetch_add(1, std::memory_order_relaxed);
  if (error_listener_) error_listener_->errors_reached(*this, errors);
}

uint32_t Server::connections_needed() const {
  // A check is a connection too; that of an added server may never have been enabled.
  const bool was_checked = checked() && (!added() || checks_enabled() || health_.status != CheckStatus::initializing);
  return was_checked || sessions_max.get() > 0 || last_session.load(std::memory_order_relaxed) >= 0 ? 1 : 0;
}

std::string Server::status_text() const {
  const Server& via = tracked_ ? *tracked_ : *this;
  if (admin_state() & inherited_maint) return fmt::format("MAINT (via {}/{})", via.backend().name(), via.name());
  if (admin_state() & resolution_maint) return "MAINT (resolution)";
  if (in_maintenance()) return "MAINT";

  // A check that is not in the best or the worst of moods adds how many successes or failures it has counted.
  const Server& checked = checked_one();
  const int health = checked.health_.health, rise = checked.config().check.rise, fall = checked.config().check.fall;
  const bool enabled = checked.checks_enabled_;
  const auto with_count = [&](const char* word) {
    const bool down = checked.oper_state() == OperState::stopped;
    return fmt::format("{} {}/{}", word, down ? health : health - rise + 1, down ? rise : fall);
  };
  const bool failing = enabled && health < checked.full_health();
  switch (oper_state()) {
    case OperState::starting:
    case OperState::running:
      if (draining() && checked.agent_enabled_) return "DRAIN (agent)";
      if (draining()) return failing ? with_count("DRAIN") : "DRAIN";
      return failing ? with_count("UP") : enabled ? "UP" : "no check";
    case OperState::stopping: {
      const bool own_health = checks_enabled_ || tracked_;
      return !own_health || health == checked.full_health() ? "NOLB" : with_count("NOLB");
    }
    case OperState::stopped:
      if (checked.agent_holds_down()) return "DOWN (agent)";
      return (enabled ? health > 0 : checked.agent_enabled_) ? with_count("DOWN") : "DOWN";
  }
  return {};
}

}  // namespace ddbproxy::live
