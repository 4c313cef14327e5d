// Everything that runs: frontends and backends made from a model, and the process-wide numbers.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <ddbproxy/model.h>

#include "live/backend.h"
#include "live/frontend.h"
#include "live/traffic.h"
#include "net/pump_pool.h"

namespace ddbproxy::live {

/// What live asks of the rooms above it; app/ fills it in. Called on the control thread.
struct Hooks {
  /// Ends all sessions on this server; `why` is the first letter of their termination state.
  std::function<void(const Server& server, char why)> shutdown_sessions;
  /// Asks every worker which of these servers its sessions still refer to, be it for their log lines, and then calls
  /// `done` on the control thread. What a worker was doing when it was asked is over by then. None: no worker runs.
  using Mentions = std::vector<const Server*>;
  std::function<void(Mentions servers, std::function<void(const Mentions& mentioned)> done)> find_mentions;
  /// Asks every worker what its sessions have moved that no counter has yet; `done` is called on the control thread.
  /// None: no worker runs.
  std::function<void(std::function<void(const Traffic&)> done)> measure_traffic;
};

/// Process-wide limits and counts (`show info`).
struct ProcessCounters {
  std::atomic<uint32_t> current_connections{0};  ///< CurrConns: frontend connections, CLI included
  std::atomic<uint64_t> total_connections{0};    ///< CumConns
  std::atomic<uint64_t> total_requests{0};       ///< CumReq: HTTP requests, and connections of other kinds; also %rt
  base::Sharded<net::Sent> sent;
  net::PipeBudget pipes;
  base::Rate connection_rate, session_rate;
  base::Maximum connection_rate_max, session_rate_max;
  std::atomic<uint32_t> maxconn{0};                                       ///< 0: no limit
  std::atomic<uint32_t> connection_rate_limit{0}, session_rate_limit{0};  ///< maxconnrate, maxsessrate; 0: none
  std::atomic<uint64_t> accept_failures{0};  ///< Times that a client had to wait for descriptors or memory.
  uint32_t hard_maxconn = 0, maxsock = 0, ulimit_n = 0, maxpipes = 0;
};

/// Owned by app::Process; made before the workers start.
class State {
 public:
  explicit State(std::shared_ptr<const model::Model> model);

  const model::Model& model() const { return *model_; }
  const std::vector<std::unique_ptr<Frontend>>& frontends() const { return frontends_; }
  const std::vector<std::unique_ptr<Backend>>& backends() const { return backends_; }
  Frontend* find_frontend(std::string_view name) const;  ///< By name or "#id".
  Backend* find_backend(std::string_view name) const;    ///< By name or "#id".
  /// The live halves of a proxy; null where it has none.
  Frontend* frontend_of(const model::Proxy& proxy) const;
  Backend* backend_of(const model::Proxy& proxy) const;

  Hooks hooks;
  ProcessCounters process;
  /// Servers in slowstart, whose weight is to be raised second by second, and who is told when there is one more.
  /// Control thread.
  std::vector<Server*> starting;
  std::function<void()> slowstart_begun;

 private:
  void link_trackers();

  std::shared_ptr<const model::Model> model_;
  std::vector<std::unique_ptr<Frontend>> frontends_;
  std::vector<std::unique_ptr<Backend>> backends_;
  struct Halves {
    Frontend* frontend = nullptr;
    Backend* backend = nullptr;
  };
  std::unordered_map<const model::Proxy*, Halves> halves_;
};

}  // namespace ddbproxy::live
