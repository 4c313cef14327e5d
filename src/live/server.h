// A server that runs: its address, state, weight, load and counters.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "base/clock.h"
#include "live/counters.h"
#include "live/mentioned.h"

namespace ddbproxy::live {

class Backend;

/// As `show servers state` numbers them.
enum class OperState : uint8_t { stopped = 0, starting = 1, running = 2, stopping = 3 };

/// Bits of the administrative state, as `show servers state` numbers them.
enum Admin : uint8_t {
  forced_maint = 0x01,
  inherited_maint = 0x02,
  config_maint = 0x04,  ///< The configuration says `disabled`: kept as a memory, forced_maint is what counts.
  forced_drain = 0x08,
  inherited_drain = 0x10,
  resolution_maint = 0x20,
  host_of_service = 0x40,  ///< Its host was named by an SRV record; no maintenance.
  host_by_hand = 0x40,     ///< Or a file of server states says that somebody named it.
};
inline constexpr uint8_t any_maint = forced_maint | inherited_maint | resolution_maint;
inline constexpr uint8_t any_drain = forced_drain | inherited_drain;

/// A weight of 1 is this much effective weight, so that a slow start can rise in small steps.
inline constexpr int weight_scale = 16;

/// How a health check ended; the name, the words and the code are a row of the table in health/check_status.h.
using model::CheckStatus;

/// State is written by the control thread only and read anywhere; load and counters are written by any worker.
class Server final : public Mentioned {
 public:
  /// `index` is its place in tables that have one for each of its backend's servers.
  Server(const model::Server& config, Backend& backend, uint32_t index) : Server(config, backend, index, false) {}
  /// One that is added while the proxy runs: its checks and its agent wait to be enabled, and its name for an address.
  Server(std::unique_ptr<const model::Server> config, Backend& backend, uint32_t index);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Its latest configuration. Any thread.
  const model::Server& config() const { return *config_.load(std::memory_order_acquire); }
  const std::string& name() const { return name_; }
  Backend& backend() const { return backend_; }
  uint32_t id() const { return id_; }
  /// Before anybody can find it.
  void take_id(uint32_t id) { id_ = id; }
  bool idle() const override { return !current_sessions() && !current_queue(); }
  uint32_t index() const { return index_; }
  /// Not by the configuration.
  bool added() const { return own_config_ && own_config_.get() == &config(); }
  /// Where to connect now. Any thread.
  Address address() const { return *address_.load(std::memory_order_acquire); }
  void set_address(const Address& address);
  /// Of the service; stays while there is no address. Control thread, and so the name.
  uint16_t port() const { return port_; }
  void set_port(uint16_t port) { port_ = port; }
  /// The name of its host: what the configuration says, or `set server fqdn`, or an SRV record. Empty: none.
  const std::string& host() const { return host_; }
  void set_host(const std::string& host);

  OperState oper_state() const { return oper_state_.load(std::memory_order_relaxed); }
  uint8_t admin_state() const { return admin_.load(std::memory_order_relaxed); }
  bool in_maintenance() const { return admin_state() & any_maint; }
  bool draining() const { return admin_state() & any_drain; }
  /// May be given new connections: running, not in maintenance, not draining, weight above 0.
  bool eligible() const;
  /// The status column: "UP", "DOWN", "UP 1/3", "MAINT", "MAINT (via b/s)", "NOLB", "DRAIN", "no check", ...
  std::string status_text() const;

  int user_weight() const { return user_weight_.load(std::memory_order_relaxed); }
  int initial_weight() const { return config().weight; }
  /// The weight that balancing uses, after slowstart; 0..256 * 16.
  int effective_weight() const { return effective_weight_.load(std::memory_order_relaxed); }

  /// When the last slowstart began.
  base::Instant slowstart_since() const { return slowstart_since_.load(std::memory_order_relaxed); }

  // Load; any thread.
  uint32_t current_sessions() const { return active_.load(std::memory_order_relaxed); }
  uint32_t current_queue() const { return queued_.load(std::memory_order_relaxed); }
  uint32_t maxconn() const { return maxconn_.load(std::memory_order_relaxed); }
  /// How many sessions it takes now: maxconn, or less by minconn and slowstart. 0: no limit.
  uint32_t current_limit() const;
  /// Has no slot left for a newcomer.
  bool saturated() const;

  // As haproxy counts connections that sessions could share: one leaves the count when it belongs to a single session,
  // in TCP mode as soon as it is made. So none is ever seen in use, and one is needed once there was any.
  static constexpr uint32_t connections_in_use = 0;
  uint32_t connections_needed() const;

  base::Sharded<ServerCounters> counters;
  base::Rate session_rate;
  base::Maximum rate_max, sessions_max, queue_max;
  TimeStats times;
  std::atomic<int64_t> last_session{-1};  ///< seconds of the steady clock; -1: none

  // Health, as the stats show it. Written by the control thread.
  struct Health {
    int health = 0;  ///< 0 .. rise + fall - 1; up from `rise` on
    CheckStatus status{};
    int64_t duration_ms = -1;
    int code = 0;
    std::string description;  ///< "Connection refused"; of the last check, while the next is running, too
    std::string remark;       ///< why the check that is running only waits for its time to be up
    uint64_t failed_checks = 0, down_transitions = 0;
    base::Instant last_change{};
    int64_t down_seconds = 0;  ///< before last_change
  };
  /// Control thread only (the stats page and the runtime API run there).
  const Health& health() const { return health_; }
  bool checked() const { return config().check.enabled; }
  /// Checked, and not by `disable health` told not to be.
  bool checks_enabled() const { return checks_enabled_; }
  /// A check is under way.
  bool check_running() const { return check_running_; }
  /// Bits, as `show servers state` has them: 1 running, 2 configured, 4 enabled, 8 paused by maintenance.
  int check_state() const;
  bool checks_paused() const { return checks_paused_; }
  /// Where its checks go; no address and port 0 mean the server's own. The runtime API may change it. Control thread.
  struct CheckPlace {
    Address address;
    uint16_t port = 0;

    bool operator==(const CheckPlace&) const = default;
  };
  const CheckPlace& check_place() const { return check_place_; }
  void set_check_place(const CheckPlace& place) { check_place_ = place; }
  // Its agent: who tells the server's state besides its checks. `health` is 0 or 1. Control thread.
  const Health& agent() const { return agent_; }
  bool has_agent() const { return config().agent.enabled; }
  /// It has one that `disable agent` did not silence.
  bool agent_enabled() const { return agent_enabled_; }
  bool agent_running() const { return agent_running_; }
  /// The agent has said that the server is down.
  bool agent_holds_down() const { return agent_enabled_ && agent_.health == 0; }
  /// As check_state(), and 16: it is an agent.
  int agent_state() const;
  const CheckPlace& agent_place() const { return agent_place_; }
  void set_agent_place(const CheckPlace& place) { agent_place_ = place; }
  const std::string& agent_send() const { return agent_send_; }
  void set_agent_send(const std::string& text) { agent_send_ = text; }

  /// The server whose health this one takes over (`track`); null: none.
  const Server* tracked() const { return tracked_; }
  /// Another server has tracked it since the start, and it must not go.
  bool was_tracked() const { return was_tracked_; }
  /// The end of the chain of `track`: the one that is checked itself; this one when it tracks none.
  const Server& checked_one() const;

  /// How a session's connection went; for `observe layer4`. Any thread.
  void report_connection(bool established);
  /// Who is told when error-limit failures in a row were reported; on the thread that reported. Null: nobody.
  class ErrorListener {
   public:
    virtual void errors_reached(Server& server, int errors) = 0;

   protected:
    ~ErrorListener() = default;
  };
  void set_error_listener(ErrorListener* listener) { error_listener_ = listener; }
  /// How often error-limit was reached (CSV hanafail). Any thread.
  std::atomic<uint64_t> observed_failures{0};

 private:
  friend class AgentChecker;
  friend class Backend;
  friend class Checker;
  friend class DynamicServers;
  friend class Lease;
  friend class Queue;
  friend class ServerStates;  // server_states.h: every change of state, with its log lines
  friend class State;
  friend class Update;

  Server(const model::Server& config, Backend& backend, uint32_t index, bool added);
  // What a configuration comes to.
  static uint32_t maxconn_of(const model::Server& config);
  static CheckPlace check_place_of(const model::Server& config);
  static CheckPlace agent_place_of(const model::Server& config);
  int full_health() const { return config().check.rise + config().check.fall - 1; }
  /// What the user's weight comes to after `now - slowstart_since_` of slowstart. Ends a slowstart that is over.
  void recalculate_weight(base::Instant now);
  /// Counts one more session if there is room. `from_queue`: those who wait do not stand in the way.
  bool take(bool from_queue);

  const std::string name_;
  std::atomic<const model::Server*> config_;
  std::unique_ptr<const model::Server> own_config_;  // config_, when that is no part of a model
  Backend& backend_;
  uint32_t id_, index_;
  std::atomic<const Address*> address_;
  std::vector<std::unique_ptr<const Address>> addresses_;  // all it ever had: a reader may still copy an old one
  std::string host_;
  uint16_t port_;
  std::atomic<OperState> oper_state_{OperState::running};
  std::atomic<uint8_t> admin_{0};
  std::atomic<int> user_weight_, effective_weight_;
  std::atomic<uint32_t> active_{0}, queued_{0}, maxconn_;
  std::atomic<base::Instant> slowstart_since_{};  // when oper_state is starting
  std::atomic<int> consecutive_errors_{0};
  ErrorListener* error_listener_ = nullptr;  // set before the workers start
  Server* tracked_ = nullptr;
  std::vector<Server*> trackers_;
  bool was_tracked_ = false;  // by any server, ever
  CheckPlace check_place_;
  bool checks_enabled_, checks_paused_, check_running_ = false;
  Health health_;
  CheckPlace agent_place_;
  std::string agent_send_;
  bool agent_enabled_, agent_running_ = false;
  Health agent_;
};

}  // namespace ddbproxy::live
