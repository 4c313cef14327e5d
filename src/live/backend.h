// A backend that runs: its servers, the choice among them, and the queue.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <ddbproxy/model.h>

#include "live/counters.h"
#include "live/generation.h"
#include "live/lease.h"
#include "live/priority.h"
#include "live/server.h"

namespace ddbproxy::net {
class Loop;
}

namespace ddbproxy::live {

class Balancer;
class Queue;

/// What a choice may depend on.
struct PickRequest {
  const Address* client = nullptr;    ///< for `balance source`
  const Server* avoid = nullptr;      ///< redispatch: any other than this one, if there is another
  const Server* previous = nullptr;   ///< of the try before: choosing it again is not counted as a choice (lbtot)
  Server* wanted = nullptr;           ///< what a use-server rule says: there is no choice to make
  std::optional<uint32_t> hash = {};  ///< for `balance rdp-cookie`; nothing: there is no cookie
  Priority priority = {};             ///< where it has to wait
};

/// The answer to assign().
struct Assignment {
  enum class Kind : uint8_t {
    leased,  ///< `lease` holds a slot: connect now
    queued,  ///< `place` waits; the waiter will be granted a lease
    full,    ///< the server it must go to has its queue full (maxqueue)
    none,    ///< no server is available
  };
  Kind kind = Kind::none;
  Lease lease;
  Place place;
  Server* server = nullptr;  ///< full: which one it was
};

/// What stays of a backend when its configuration changes: servers, counters, the queue. assign() is safe from any
/// worker; state changes happen on the control thread (see server_states.h).
class Backend {
 public:
  explicit Backend(std::string name);
  ~Backend();
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  /// Goes by its first configuration, with the servers that stand there. Control thread, before there are sessions.
  void begin(const BackendConfig& config);
  /// Goes by another configuration from now on; its servers are told by who calls (see Update). Control thread.
  void adopt(const BackendConfig& config);
  /// It has a configuration.
  bool begun() const { return current_.load(std::memory_order_relaxed) != nullptr; }
  /// Chooses by the settings of now, with all servers as they are. Gives what it chose by until now, and what a worker
  /// may be choosing by. Control thread.
  std::vector<std::shared_ptr<const Mentioned>> rebalance();
  /// Puts the servers into the order of the configuration, those that were added by hand last. Control thread.
  void put_in_order();
  /// Its latest configuration. Any thread; a stream keeps to the one that it was routed by.
  const BackendConfig& current() const { return *current_.load(std::memory_order_acquire); }

  const std::string& name() const { return name_; }
  // Of the latest configuration.
  const model::Proxy& config() const { return current().proxy; }
  const model::Backend& settings() const { return current().settings(); }
  const model::Global& global() const { return current().generation.global(); }
  log::Logger& logger() { return current().logger; }
  std::span<const std::shared_ptr<Server>> servers() const { return servers_; }
  Server* find(std::string_view name) const;  ///< By name, or by "#id"; null when there is none.
  Server* find_id(uint32_t id) const;
  /// By name, from any thread; what it gives stays for the running callback at least.
  Server* look_up(std::string_view name) const;
  Server* look_up_id(uint32_t id) const;
  /// By its address and port as text.
  Server* look_up_address(std::string_view address) const;

  /// Picks a server and takes a slot on it, or joins a queue. `loop` is the calling worker's.
  /// Counts lbtot for each choice and raises the maxima of sessions and queues; the stream counts all the rest.
  Assignment assign(const PickRequest& request, Waiter& waiter, net::Loop& loop);
  /// Takes another slot on the same server at once, for a retry, whatever its state is by now; empty when it is full.
  Lease retake(Server& server);

  // Servers that come and go while workers run; what else is to be done then is done by DynamicServers. Control thread.
  /// Makes a server that nobody can find yet; without an id it is given the lowest free one.
  std::shared_ptr<Server> make_server(std::unique_ptr<model::Server> config);
  /// The same of one that the configuration has; its id goes to another only when that asks for no other.
  std::shared_ptr<Server> make_server(const model::Server& config);
  void enlist(std::shared_ptr<Server> server);
  /// Whoever finds servers finds this one no more; those who have found it may still use it. Its weight must be 0.
  std::shared_ptr<Server> delist(Server& server);
  /// The index of a server that is gone for good may be given to another.
  void recycle(uint32_t index) { free_indices_.push_back(index); }

  uint32_t active_servers() const { return active_group_.usable; }  ///< usable, not backup (CSV act). Any thread.
  uint32_t backup_servers() const { return backup_group_.usable; }
  /// Of those that get connections now, in the units of the `weight` keyword.
  int total_weight() const;
  /// The same without slowstart. Control thread.
  int total_user_weight() const;
  /// Whether the algorithm follows a change of weight while running; otherwise a server has its full weight or none.
  bool weights_can_change() const;
  /// Its proxy is stopped or disabled: sessions go on, but nobody asks after its servers any more. Control thread.
  bool stopped() const { return stopped_; }
  void stop() { stopped_ = true; }
  void go_on() { stopped_ = false; }
  /// Has a server to send connections to; a backend without servers counts as up.
  bool up() const { return servers_.empty() || total_weight() > 0; }

  // Load; any thread. begin/end_session count a stream's stay in this backend.
  void begin_session();
  void end_session();
  uint32_t current_sessions() const { return active_.load(std::memory_order_relaxed); }
  /// Sessions that hold a slot on a server.
  uint32_t served() const { return served_.load(std::memory_order_relaxed); }
  uint32_t current_queue() const { return queued_.load(std::memory_order_relaxed); }
  uint32_t total_queue() const { return total_queued_.load(std::memory_order_relaxed); }  ///< own and all servers'

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
  friend class ServerStates;
  friend class State;
  friend class Update;

  /// The active servers, or the backups. Written by the control thread.
  struct Group {
    void publish(std::shared_ptr<Balancer> chosen) {
      owner = std::move(chosen);
      balancer.store(owner.get(), std::memory_order_release);
    }
    std::shared_ptr<Balancer> owner;
    std::atomic<Balancer*> balancer{nullptr};
    std::atomic<uint32_t> usable{0};
    int weight = 0;  // effective
  };
  /// What choose() found. Without a server although some are available: all that could be chosen are full.
  struct Choice {
    bool available = false;
    Server* server = nullptr;
  };

  Group& group_of(const Server& server) { return server.config().backup ? backup_group_ : active_group_; }
  uint32_t take_index();
  Choice choose(const PickRequest& request);
  /// Takes the server's new state or weight into account. Control thread.
  void refresh(Server& server);
  void sort_servers();
  void refresh_first_backup();
  /// Whom choose() may use now: the active group, or the only backup, or the group of backups, or none.
  enum class Source : uint8_t { none, active, first_backup, backups };
  void publish_source();
  /// The backend's own line may be served by this server.
  bool may_serve_backend_queue(const Server& server) const;
  Server* find_free_server() const;
  Lease count(Server& server);
  void release(Server& server);
  void load_changed(Server& server);

  const std::string name_;
  std::atomic<const BackendConfig*> current_{nullptr};
  bool stopped_ = false;
  std::vector<std::shared_ptr<Server>> servers_;  // in the order of the lists shown; changes under the queue's lock
  std::unordered_map<std::string_view, Server*> by_name_;
  std::unordered_map<uint32_t, Server*> by_id_;
  // By the servers' indices. Control thread.
  std::vector<int> weights_;  // effective, of each server as the balancers know it; 0: not usable
  std::vector<uint32_t> free_indices_;
  Group active_group_, backup_group_;
  std::atomic<Source> source_{Source::none};
  std::atomic<Server*> first_backup_{nullptr};
  std::unique_ptr<Queue> queue_;
  std::atomic<uint32_t> active_{0}, served_{0}, queued_{0}, total_queued_{0};
};

}  // namespace ddbproxy::live
