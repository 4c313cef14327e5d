// What reloads have taken out of the configuration, until nobody may use it any more.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "live/state.h"
#include "live/update.h"
#include "net/loop.h"
#include "stream/workers.h"

namespace ddbproxy::app {

/// The sessions of removed servers, proxies and listeners go on; with `hard-stop-after` no longer than that. What a
/// later reload has put back by then is left alone. Control thread.
class Removals {
 public:
  Removals(live::State& state, stream::Workers& workers, net::Loop& loop);

  /// `before` was replaced by the latest generation.
  void note(const live::Generation& before, const std::vector<live::ServerChanges>& servers);

 private:
  struct Listening {
    std::shared_ptr<const live::Frontend> frontend;
    std::string place;
  };
  struct Leaving {
    std::string name;  ///< With that of its backend, which may be gone before it.
    std::shared_ptr<const live::Server> server;
  };
  struct Removed {
    base::Instant until;
    std::vector<std::shared_ptr<const live::Frontend>> frontends;
    std::vector<std::shared_ptr<const live::Backend>> backends;
    std::vector<Listening> listeners;
    std::vector<Leaving> servers;

    /// Any thread.
    bool concerns(const stream::Stream& stream) const;
    bool empty() const { return frontends.empty() && backends.empty() && listeners.empty() && servers.empty(); }
  };

  void time_is_up();
  void end(Removed removed);
  /// Forgets what is there again.
  void leave_what_is_back(Removed& removed) const;
  void wait();

  live::State& state_;
  stream::Workers& workers_;
  std::vector<Removed> removed_;
  net::Timer timer_;
};

}  // namespace ddbproxy::app
