// What the runtime API acts upon: the running proxies, and what the rooms above it do on its behalf.
#pragma once

#include <functional>
#include <string>

namespace ddbproxy::live {
class Frontend;
class ServerStates;
class State;
}  // namespace ddbproxy::live
namespace ddbproxy::net {
class Loop;
}
namespace ddbproxy::stream {
class Workers;
}

namespace ddbproxy::admin {

/// Filled in by app/, which knows the process. Called on the control thread; must outlive the sockets.
struct Services {
  stream::Workers* workers = nullptr;  ///< null: none run (tests)
  /// `disable|enable|shutdown frontend`: false when it could not be done. They write haproxy's log lines.
  std::function<bool(live::Frontend&)> pause_frontend, resume_frontend, stop_frontend;
};

/// What a command may look at and change.
struct Runtime {
  net::Loop& control;
  live::State& state;
  live::ServerStates& states;
  Services& services;
};

}  // namespace ddbproxy::admin
