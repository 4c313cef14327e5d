#include "live/dynamic_servers.h"

#include <utility>

#include "live/backend.h"
#include "live/health/health_monitor.h"
#include "live/names/server_names.h"
#include "live/state.h"

namespace ddbproxy::live {

DynamicServers::DynamicServers(State& state, HealthMonitor& health, ServerNames& names, Farewell& farewell)
    : state_(state), health_(health), names_(names), farewell_(farewell) {}

Server& DynamicServers::add(Backend& backend, std::unique_ptr<model::Server> config, Server* tracked) {
  std::shared_ptr<Server> made = backend.make_server(std::move(config));
  Server& server = *made;
  if (tracked) {
    server.tracked_ = tracked;
    tracked->trackers_.insert(tracked->trackers_.begin(), &server);
    tracked->was_tracked_ = true;
    if (tracked->oper_state() == OperState::stopped) server.oper_state_ = OperState::stopped;
  }
  health_.add(server);
  backend.enlist(std::move(made));  // last: from here on workers may find it
  return server;
}

std::string_view DynamicServers::why_not_removable(const Server& server) {
  if (server.was_tracked())
    return "This server cannot be removed at runtime due to other configuration elements pointing to it.";
  if (!server.in_maintenance()) return "Only servers in maintenance mode can be deleted.";
  if (server.current_sessions() || server.current_queue())
    return "Server still has connections attached to it, cannot remove it.";
  return {};
}

Server& DynamicServers::add(Backend& backend, const model::Server& config) {
  std::shared_ptr<Server> made = backend.make_server(config);
  Server& server = *made;
  backend.enlist(std::move(made));
  if (!backend.stopped()) watch(server);
  return server;
}

void DynamicServers::watch(Server& server) {
  health_.begin(server);
  if (!server.backend().config().disabled) names_.renew(server);
}

void DynamicServers::forget(Server& server) {
  names_.remove(server);
  health_.remove(server);
  server.check_running_ = server.agent_running_ = false;
}

std::shared_ptr<const Server> DynamicServers::remove(Server& server, std::shared_ptr<const Generation> its_generation) {
  forget(server);
  std::erase(state_.starting, &server);
  if (server.tracked_) std::erase(server.tracked_->trackers_, &server);
  Backend& backend = server.backend();
  const uint32_t index = server.index();
  std::shared_ptr<const Server> removed = backend.delist(server);
  farewell_.take(removed, [&backend, index, kept = std::move(its_generation)] { backend.recycle(index); });
  return removed;
}

}  // namespace ddbproxy::live
