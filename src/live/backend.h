// A backend that runs: its servers, the choice among them, and the queue.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "live/counters.h"
#include "live/lease.h"
#include "live/server.h"
#include "log/logger.h"

namespace ddbproxy::net {
class Loop;
}

namespace ddbproxy::live {

class Balancer;

/// What a choice may depend on.
struct PickRequest {
  const Address* client = nullptr;     ///< for `balance source`
  const Server* avoid = nullptr;       ///< redispatch: any other than this one, if there is another
};

/// The answer to assign().
struct Assignment {
  enum class Kind : uint8_t {
    leased,  ///< `lease` holds a slot: connect now
    queued,  ///< `place` waits; the waiter will be granted a lease
    none,    ///< no server is available
  };
  Kind kind = Kind::none;
  Lease lease;
  Place place;
};

/// assign() is safe from any worker; state changes happen on the control thread (see server_states.h).
class Backend {
 public:
  Backend(const model::Proxy& config, const model::Global& global);
  ~Backend();

  const model::Proxy& config() const { return config_; }
  const model::Backend& settings() const { return *config_.backend; }
  const std::string& name() const { return config_.name; }
  std::span<const std::shared_ptr<Server>> servers() const { return servers_; }
  Server* find(std::string_view name) const;  ///< By name, or by "#id"; null when there is none.
  log::Logger& logger() { return logger_; }

  /// Picks a server and takes a slot on it, or joins a queue. `loop` is the calling worker's.
  /// Counts lbtot for each choice and raises the maxima of sessions and queues; the stream counts all the rest.
  Assignment assign(const PickRequest& request, Waiter& waiter, net::Loop& loop);
  /// Takes another slot on the same server at once, for a retry; empty when it is full or no longer eligible.
  Lease retake(Server& server);

  /// Publishes which servers are eligible; after each change of a state or weight. Control thread.
  void refresh();
  uint32_t active_servers() const;  ///< usable, not backup (CSV act)
  uint32_t backup_servers() const;
  int total_weight() const;

  // Load; any thread. begin/end_session count a stream's stay in this backend.
  void begin_session();
  void end_session();
  uint32_t current_sessions() const { return active_.load(std::memory_order_relaxed); }
  uint32_t current_queue() const { return queued_.load(std::memory_order_relaxed); }
  uint32_t total_queue() const;  ///< own and all servers' queues

  base::Sharded<BackendCounters> counters;
  base::Rate session_rate;
  base::Maximum rate_max, sessions_max, queue_max;
  TimeStats times;
  std::atomic<int64_t> last_session{-1};
  // Control thread: since when up or down, and for how many seconds down before.
  base::Instant last_change{};
  int64_t down_seconds = 0;
  uint64_t down_transitions = 0;

 private:
  friend class Lease;
  friend class Queue;
  const model::Proxy& config_;
  log::Logger logger_;
  std::vector<std::shared_ptr<Server>> servers_;
  std::unique_ptr<Balancer> balancer_;
  std::atomic<uint32_t> active_{0}, queued_{0};
};

}  // namespace ddbproxy::live
