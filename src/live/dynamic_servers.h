// Servers that come and go while the proxy runs: `add server`, `del server`.
#pragma once

#include <memory>
#include <string_view>

#include "live/farewell.h"

namespace ddbproxy::live {

class Backend;
class HealthMonitor;
class ServerNames;

/// Control thread only.
class DynamicServers {
 public:
  DynamicServers(State& state, HealthMonitor& health, ServerNames& names, Farewell& farewell);

  /// The server's name and id must be free. `tracked`: whose state it takes over, or null.
  Server& add(Backend& backend, std::unique_ptr<model::Server> config, Server* tracked);
  /// Why the server cannot be deleted now, in haproxy's words; empty when it can.
  static std::string_view why_not_removable(const Server& server);
  /// `its_generation` has its latest configuration, and is kept as long as the server.
  std::shared_ptr<const Server> remove(Server& server, std::shared_ptr<const Generation> its_generation);
  /// One that the latest configuration has.
  Server& add(Backend& backend, const model::Server& config);
  /// Has it checked, and its name asked for; and no more.
  void watch(Server& server);
  void forget(Server& server);

 private:
  State& state_;
  HealthMonitor& health_;
  ServerNames& names_;
  Farewell& farewell_;
};

}  // namespace ddbproxy::live
