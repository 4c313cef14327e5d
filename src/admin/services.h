// What the runtime API acts upon: the running proxies, and what the rooms above it do on its behalf.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "net/socket_passing.h"
#include "stream/stream.h"

namespace ddbproxy::live {
class DynamicServers;
class Farewell;
class Frontend;
class PeerSections;
class ServerNames;
class ServerStates;
class State;
}  // namespace ddbproxy::live
namespace ddbproxy::log {
class RingServers;
}
namespace ddbproxy::net {
class Loop;
}
namespace ddbproxy::stats {
class ProcessInfo;
}
namespace ddbproxy::stream {
class Workers;
}

namespace ddbproxy::admin {

/// What only a master's own API does.
struct MasterServices {
  std::function<std::string()> show_processes;
  /// `reload`: `done` is called with what was changed, or what went wrong; never when this process has become another
  /// one meanwhile.
  std::function<void(std::function<void(std::string)> done)> reload;
};

/// Filled in by app/, which knows the process. Called on the control thread; must outlive the sockets.
struct Services {
  stream::Workers* workers = nullptr;  ///< null: none run (tests)
  live::ServerNames* names = nullptr;  ///< null as well
  live::DynamicServers* servers = nullptr;
  live::Farewell* farewell = nullptr;         ///< null: nobody else looks at what changes
  const live::PeerSections* peers = nullptr;  ///< null: there are none
  log::RingServers* rings = nullptr;          ///< null: nobody is told of new events
  MasterServices* master = nullptr;           ///< null: this is not the master
  bool stopping = false;                      ///< as `show info` says
  /// `disable|enable|shutdown frontend`: false when it could not be done. They write haproxy's log lines.
  std::function<bool(live::Frontend&)> pause_frontend, resume_frontend, stop_frontend;
  /// `_getsocks`: all that the process listens on.
  std::function<std::vector<net::GivenSocket>()> listening_sockets;
  /// `reload`, `reload check`: reads the files anew. `done` is called later, on the control thread, with whether it was
  /// done, and lines that say what was changed or why nothing.
  std::function<void(bool only_check, const std::function<void(bool done, std::string text)>& done)> reload;
  /// `_reload`: the same with what the master's child at the other end of `connection` has read, which is told there
  /// what has become of it.
  std::function<void(base::Fd connection)> reload_provided;
};

/// A `stats socket`, as `show cli sockets` lists it.
struct SocketName {
  std::string address;  ///< "unix@/run/x.sock", "ipv4@127.0.0.1:9999"
  model::CliLevel level = model::CliLevel::operator_;
};

/// What a command may look at and change.
struct Runtime {
  net::Loop& control;
  live::State& state;
  live::ServerStates& states;
  Services& services;
  stats::ProcessInfo& info;
  std::vector<SocketName> sockets;
  /// This API's own clients, which are sessions too; null: unknown.
  std::function<std::vector<stream::StreamDescription>()> describe_clients;
};

}  // namespace ddbproxy::admin
