// Everything that runs: frontends and backends made from a model, and the process-wide numbers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <ddbproxy/model.h>

#include "live/backend.h"
#include "live/frontend.h"
#include "live/generation.h"
#include "live/traffic.h"
#include "live/variables.h"
#include "net/pump_pool.h"

namespace ddbproxy::live {

struct NameQuery;
class AlertMails;

/// What live asks of the rooms above it; app/ fills it in. Called on the control thread.
struct Hooks {
  /// Ends all sessions on this server; `why` is the first letter of their termination state.
  std::function<void(const Server& server, char why)> shutdown_sessions;
  /// Asks every worker which of these its sessions still refer to, be it for their log lines, and then calls `done` on
  /// the control thread. What a worker was doing when it was asked is over by then. None: no worker runs.
  using Mentions = std::vector<const Mentioned*>;
  std::function<void(Mentions asked, std::function<void(const Mentions& mentioned)> done)> find_mentions;
  /// Asks every worker what its sessions have moved that no counter has yet; `done` is called on the control thread.
  /// None: no worker runs.
  std::function<void(std::function<void(const Traffic&)> done)> measure_traffic;
  /// Has a name asked for. Any thread. None: nobody can be asked.
  std::function<void(NameQuery query)> look_up_name;
  /// Who asked for a name wants to know no more. Any thread.
  std::function<void(const void* asker)> forget_name;
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
  std::atomic<bool> stopping{false};         ///< It ends when its sessions have.
  uint32_t hard_maxconn = 0, maxsock = 0, ulimit_n = 0, maxpipes = 0;
};

/// Owned by app::Process; made before the workers start.
class State {
 public:
  explicit State(std::shared_ptr<const model::Model> model);

  /// The latest one. Any thread; what is kept of it for longer than a callback is to be mentioned (see Farewell).
  const Generation& generation() const { return *published_.load(std::memory_order_acquire); }
  const model::Model& model() const { return generation().model(); }
  // Of the latest generation. Control thread.
  /// To be kept by who reads it in pieces, or needs it longer.
  const std::shared_ptr<Generation>& latest() const { return generation_; }
  const std::vector<std::shared_ptr<Frontend>>& frontends() const { return generation_->frontends(); }
  const std::vector<std::shared_ptr<Backend>>& backends() const { return generation_->backends(); }
  Frontend* find_frontend(std::string_view name) const { return generation_->find_frontend(name); }
  Backend* find_backend(std::string_view name) const { return generation_->find_backend(name); }
  Frontend* frontend_of(const model::Proxy& proxy) const { return generation_->frontend_of(proxy); }
  Backend* backend_of(const model::Proxy& proxy) const { return generation_->backend_of(proxy); }

  /// Makes it the latest, and gives the one that was. See Update.
  std::shared_ptr<const Generation> publish(std::shared_ptr<Generation> next);
  /// Has each server that tracks another know it, and the other way round.
  void link_trackers();

  Hooks hooks;
  ProcessCounters process;
  ProcessVariables variables;
  /// Servers in slowstart, whose weight is to be raised second by second, and who is told when there is one more.
  /// Control thread.
  std::vector<Server*> starting;
  std::function<void()> slowstart_begun;
  /// Null: this process sends no mails. Control thread.
  AlertMails* mails = nullptr;

 private:
  std::shared_ptr<Generation> generation_;
  std::atomic<const Generation*> published_{nullptr};
};

}  // namespace ddbproxy::live
