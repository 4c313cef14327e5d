#include "live/frontend.h"

namespace ddbproxy::live {

void Frontend::adopt(FrontendConfig& config) {
  const FrontendConfig* before = current_.load(std::memory_order_relaxed);
  const uint32_t maxconn = config.settings().maxconn;
  if (!before || before->settings().maxconn != maxconn) set_maxconn(maxconn);
  if (!before && config.proxy.disabled) state_ = FrontendState::stopped;
  current_.store(&config, std::memory_order_release);
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
