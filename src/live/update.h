// Brings everything that runs up to date with another configuration.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "live/state.h"

namespace ddbproxy::live {

class DynamicServers;
class Farewell;
class HealthMonitor;
class ServerNames;
class ServerStates;

/// Which servers a backend gained and lost by an update.
struct ServerChanges {
  struct Removed {
    std::string name;
    uint32_t sessions = 0;  ///< They go on.
    std::shared_ptr<const Server> server = {};
  };
  std::string backend;
  std::vector<std::string> added;
  std::vector<Removed> removed;
};

/// What an identity was given since the last configuration (health, administrative state, weights, addresses, sessions,
/// counters) stays as it is, unless the file's own value is another now. Control thread.
class Update {
 public:
  Update(State& state, ServerStates& states, HealthMonitor& health, ServerNames& names, DynamicServers& servers,
         Farewell& farewell)
      : state_(state), states_(states), health_(health), names_(names), servers_(servers), farewell_(farewell) {}

  /// Makes it the latest generation. Its listeners are open and begin to accept afterwards; those of the last one
  /// accept until the caller ends that. The last one is to be seen off by then with see_off().
  std::vector<ServerChanges> carry_out(std::shared_ptr<Generation> next);
  /// Nothing listens by this one any more: frees it once its sessions are over.
  void see_off(std::shared_ptr<const Generation> generation);

 private:
  void bring_up_to_date(const BackendConfig& config, ServerChanges& changes);
  void change(Server& server, const model::Server& after);
  void change_address(Server& server, const model::Server& before, const model::Server& after);
  void change_checks(Server& server, const model::Server& before, const model::Server& after);
  /// It is to go, and another may be given its name or id before.
  static void give_up_name(const Server& server);
  void remove(Server& server, const Generation& its_generation, ServerChanges& changes);
  void end(Backend& backend);
  void renew_trackers();

  State& state_;
  ServerStates& states_;
  HealthMonitor& health_;
  ServerNames& names_;
  DynamicServers& servers_;
  Farewell& farewell_;
};

}  // namespace ddbproxy::live
