// A frontend that runs: its listening sockets, its limit and its counters.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "base/fd.h"
#include "live/counters.h"
#include "log/logger.h"

namespace ddbproxy::live {

class Backend;

/// One listening socket.
struct Listener {
  const model::Bind* bind = nullptr;
  Address address;  ///< As bound: with the port the kernel chose.
  base::Fd fd;
  uint32_t id = 0;   ///< As `show stat` numbers it.
  int backlog = 0;   ///< How many clients the kernel lets wait.
  std::string name;  ///< As the log calls it: the bind line's name, or the number.
  /// Its connections now, for the bind line's own maxconn.
  std::unique_ptr<std::atomic<uint32_t>> active = std::make_unique<std::atomic<uint32_t>>(0);
  std::unique_ptr<base::Sharded<ListenerCounters>> counters;  ///< Null without `option socket-stats`.
};

enum class FrontendState : uint8_t { open, full, paused, stopped };

/// The sockets belong to the control thread; admit() and leave() are safe from any worker.
class Frontend {
 public:
  Frontend(const model::Proxy& config, const model::Global& global);

  const model::Proxy& config() const { return config_; }
  const model::Frontend& settings() const { return *config_.frontend; }
  const std::string& name() const { return config_.name; }
  log::Logger& logger() { return logger_; }
  /// Where its streams go: default_backend, itself for a listen section, or null.
  Backend* default_backend() const { return default_backend_; }
  void set_default_backend(Backend* backend) { default_backend_ = backend; }

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

  std::vector<Listener> listeners;
  base::Sharded<FrontendCounters> counters;
  base::Rate session_rate, connection_rate, request_rate;
  base::Maximum session_rate_max, connection_rate_max, request_rate_max, sessions_max;

 private:
  const model::Proxy& config_;
  log::Logger logger_;
  Backend* default_backend_ = nullptr;
  std::atomic<uint32_t> active_{0}, maxconn_;
  std::atomic<FrontendState> state_{FrontendState::open};
};

}  // namespace ddbproxy::live
