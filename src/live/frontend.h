// A frontend that runs: its listening sockets, its limit and its counters.
#pragma once

#include <atomic>
#include <deque>
#include <string>

#include <ddbproxy/model.h>

#include "live/counters.h"
#include "live/generation.h"

namespace ddbproxy::live {

enum class FrontendState : uint8_t { open, full, paused, stopped };

/// What stays of a frontend when its configuration changes: the counters, and what was set by hand. The sockets belong
/// to the control thread; admit() and leave() are safe from any worker.
class Frontend {
 public:
  explicit Frontend(std::string name) : name_(std::move(name)) {}
  Frontend(const Frontend&) = delete;
  Frontend& operator=(const Frontend&) = delete;

  /// Goes by this configuration from now on. What the last one said and this one says too stays as it was set since.
  /// Control thread.
  void adopt(FrontendConfig& config);
  /// Its latest configuration. Any thread; a stream keeps to the one that it began with.
  FrontendConfig& current() const { return *current_.load(std::memory_order_acquire); }

  const std::string& name() const { return name_; }
  // Of the latest configuration. Control thread, as is what they give.
  const model::Proxy& config() const { return current().proxy; }
  const model::Frontend& settings() const { return current().settings(); }
  log::Logger& logger() { return current().logger; }
  std::deque<Listener>& listeners() const { return current().listeners; }

  /// Counts one more connection unless maxconn is reached.
  bool admit();
  /// One less; true when it was full before, so that accepting may resume.
  bool leave();
  uint32_t current_sessions() const { return active_.load(std::memory_order_relaxed); }
  uint32_t maxconn() const { return maxconn_.load(std::memory_order_relaxed); }
  void set_maxconn(uint32_t maxconn) { maxconn_.store(maxconn, std::memory_order_relaxed); }
  /// `full` is open with maxconn connections.
  FrontendState state() const;
  void set_state(FrontendState state) { state_.store(state, std::memory_order_relaxed); }

  base::Sharded<FrontendCounters> counters;
  base::Rate session_rate, connection_rate, request_rate;
  base::Maximum session_rate_max, connection_rate_max, request_rate_max, sessions_max;

 private:
  const std::string name_;
  std::atomic<FrontendConfig*> current_{nullptr};
  std::atomic<uint32_t> active_{0}, maxconn_{0};
  std::atomic<FrontendState> state_{FrontendState::open};
};

}  // namespace ddbproxy::live
