#include "live/server.h"

#include <algorithm>

#include "live/backend.h"

namespace ddbproxy::live {

Server::Server(const model::Server& config, Backend& backend, uint32_t index)
    : config_(config),
      backend_(backend),
      id_(config.id ? config.id : index + 1),
      index_(index),
      user_weight_(config.weight),
      effective_weight_(config.weight * weight_scale),
      maxconn_(config.maxconn ? config.maxconn : config.minconn) {
  set_address(config.address);
  health_.last_change = base::now();
  if (config.disabled) {
    oper_state_ = OperState::stopped;
    admin_ = config_maint | forced_maint;
  }
  // One success short of full health: the first check decides.
  if (!config.disabled && config.check.enabled) health_.health = config.check.rise;
}

void Server::set_address(const Address& address) {
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
  if (config_.minconn && config_.minconn < limit && load < fullconn)
    limit = std::max(config_.minconn, static_cast<uint32_t>(uint64_t{load} * limit / fullconn));
  if (oper_state() == OperState::starting && config_.slowstart.count() > 0) {
    const auto passed = base::milliseconds_between(slowstart_since_.load(std::memory_order_relaxed), base::now());
    if (passed < config_.slowstart.count())
      limit = std::max(1u, static_cast<uint32_t>(limit * (100 * passed / config_.slowstart.count()) / 100));
  }
  return limit;
}

bool Server::saturated() const {
  if (maxconn() == 0) return false;
  return queued_.load(std::memory_order_relaxed) || active_.load(std::memory_order_relaxed) >= current_limit();
}

bool Server::take(bool from_queue) {
  uint32_t seen = active_.load();
  if (const uint32_t limit = current_limit(); limit == 0) {
    seen = active_.fetch_add(1);
  } else {
    if (!from_queue && queued_.load()) return false;
    do {
      if (seen >= limit) return false;
    } while (!active_.compare_exchange_weak(seen, seen + 1));
  }
  sessions_max.raise(seen + 1);
  return true;
}

std::string Server::status_text() const {
  if (in_maintenance()) return "MAINT";
  if (draining()) return "DRAIN";
  if (!checked()) return "no check";
  return oper_state() == OperState::stopped ? "DOWN" : oper_state() == OperState::stopping ? "NOLB" : "UP";
}

}  // namespace ddbproxy::live
