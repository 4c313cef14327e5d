// Deleted servers, until nobody can know them any more.
#pragma once

#include <memory>
#include <vector>

#include "live/server.h"
#include "live/state.h"
#include "net/loop.h"

namespace ddbproxy::live {

/// A deleted server stands in no list, but a worker may just have chosen it, and a session may name it in its log line
/// to come. So connections count no references: instead all workers are asked, in rounds. In the first each of them
/// leaves behind what it was about to do when the server went; after that nobody new can come to it, and the first
/// round that begins with the server idle and ends with nobody mentioning it was the last. Control thread.
class RemovedServers {
 public:
  RemovedServers(State& state, net::Loop& loop);

  void take(std::shared_ptr<Server> server);
  size_t size() const { return removed_.size(); }

 private:
  struct Removed {
    std::shared_ptr<Server> server;
    int rounds = 0;     ///< that are over
    bool idle = false;  ///< when the round began
    bool asked = false;
  };

  void begin_round();
  void end_round(const Hooks::Mentions& mentioned);
  bool may_go(const Removed& removed, const Hooks::Mentions& mentioned) const;

  State& state_;
  std::vector<Removed> removed_;
  bool in_round_ = false;
  net::Timer retry_;
};

}  // namespace ddbproxy::live
