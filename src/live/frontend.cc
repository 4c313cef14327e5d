#include "live/frontend.h"

namespace ddbproxy::live {

Frontend::Frontend(const model::Proxy& config, const model::Global& global)
    : config_(config), logger_(config.log, global), maxconn_(config.frontend->maxconn) {
  if (config.disabled) state_ = FrontendState::stopped;
}

bool Frontend::admit() {
  const uint32_t limit = maxconn();
  uint32_t seen = active_.load(std::memory_order_relaxed);
  do {
    if (seen >= limit) return false;
  } while (!active_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed));
  return true;
}

bool Frontend::leave() { return active_.fetch_sub(1, std::memory_order_relaxed) == maxconn(); }

FrontendState Frontend::state() const {
  const FrontendState state = state_.load(std::memory_order_relaxed);
  return state == FrontendState::open && current_sessions() >= maxconn() ? FrontendState::full : state;
}

}  // namespace ddbproxy::live
