#include "live/removed_servers.h"

#include <algorithm>
#include <utility>

#include "live/backend.h"

namespace ddbproxy::live {
namespace {

/// Between two rounds for servers whose sessions are not over.
constexpr std::chrono::seconds patience{1};

}  // namespace

RemovedServers::RemovedServers(State& state, net::Loop& loop) : state_(state) {
  retry_.bind<&RemovedServers::begin_round>(loop, *this);
}

void RemovedServers::take(std::shared_ptr<Server> server) {
  removed_.push_back({std::move(server)});
  begin_round();
}

void RemovedServers::begin_round() {
  if (in_round_ || removed_.empty()) return;
  in_round_ = true;
  retry_.cancel();
  Hooks::Mentions servers;
  for (Removed& each : removed_) {
    each.asked = true;
    each.idle = !each.server->current_sessions() && !each.server->current_queue();
    servers.push_back(each.server.get());
  }
  if (!state_.hooks.find_mentions) return end_round({});
  state_.hooks.find_mentions(std::move(servers), [this](const Hooks::Mentions& mentioned) { end_round(mentioned); });
}

bool RemovedServers::may_go(const Removed& removed, const Hooks::Mentions& mentioned) const {
  return removed.rounds > 1 && removed.idle &&
         std::find(mentioned.begin(), mentioned.end(), removed.server.get()) == mentioned.end();
}

void RemovedServers::end_round(const Hooks::Mentions& mentioned) {
  in_round_ = false;
  bool soon = false;
  for (Removed& each : removed_) {
    if (std::exchange(each.asked, false)) ++each.rounds;
    soon |= each.rounds < 2;
    if (!may_go(each, mentioned)) continue;
    each.server->backend().recycle(each.server->index());
    each.server.reset();
  }
  std::erase_if(removed_, [](const Removed& each) { return !each.server; });
  if (soon) return begin_round();
  if (!removed_.empty()) retry_.arm(patience);
}

}  // namespace ddbproxy::live
