// Opens, pauses, resumes and stops frontends, with haproxy's log lines: what signals and the runtime API ask for.
#pragma once

#include <ddbproxy/model.h>

#include "base/result.h"
#include "live/state.h"
#include "stream/workers.h"

namespace ddbproxy::app {

class Takeover;

/// "Proxy x stopped (cumulated conns: FE: 1, BE: 2)."
std::string proxy_stopped(std::string_view name, uint64_t frontend_connections, uint64_t backend_sessions);

/// haproxy's words for a `bind` line that could not be opened.
std::string binding_failed(const model::Bind& bind, const Address& address, std::string_view kind,
                           std::string_view name, const base::Error& why);

/// Control thread only.
class FrontendControl {
 public:
  FrontendControl(live::State& state, stream::Workers& workers) : state_(state), workers_(workers) {}

  /// Binds every listener of every frontend; says on the console why for each that fails, and returns false then.
  bool open_all(bool reuse_port, Takeover& takeover);
  /// Lets the workers accept.
  void start_all();

  /// Clients are refused until resume(); false when it is not open.
  bool pause(live::Frontend& frontend);
  bool resume(live::Frontend& frontend);
  /// Closes the sockets for good; false when that was done before.
  bool stop(live::Frontend& frontend);

  /// Closes every socket without a word: before the process ends at once, so that none of its successor's clients comes
  /// to a listener that is about to die.
  void close_all();
  void pause_all();
  void resume_all();
  /// Soft stop: stops every frontend, its live streams go on.
  void stop_all();
  /// What a stop says of the backends that are no frontends.
  void say_backends_stopped();

 private:
  /// Closes the sockets, which no worker watches any more, and says so.
  void close(live::Frontend& frontend);
  int backlog_of(const live::Frontend& frontend) const;

  live::State& state_;
  stream::Workers& workers_;
};

}  // namespace ddbproxy::app
