// Opens, pauses, resumes and stops frontends, with haproxy's log lines: what signals and the runtime API ask for.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "base/result.h"
#include "live/state.h"
#include "net/listener.h"
#include "stream/workers.h"

namespace ddbproxy::app {

/// "Proxy x stopped (cumulated conns: FE: 1, BE: 2)."
std::string proxy_stopped(std::string_view name, uint64_t frontend_connections, uint64_t backend_sessions);

/// haproxy's words for a `bind` line that could not be opened.
std::string binding_failed(const model::Bind& bind, const Address& address, std::string_view kind,
                           std::string_view name, const base::Error& why);

/// What a bind line listens on: each address as often as its shards say, where several sockets may share it.
std::vector<model::Bind::Listener> repeated(const model::Bind& bind, int threads);

/// Control thread only.
class FrontendControl {
 public:
  FrontendControl(live::State& state, stream::Workers& workers) : state_(state), workers_(workers) {}

  /// Opens one socket of a bind line.
  using Open = std::function<base::Result<base::Fd>(const model::Bind& bind, const model::Bind::Listener& listener,
                                                    const net::ListenOptions& options)>;
  /// Binds every listener of every frontend of a generation with `open`. Why some could not be, in haproxy's words.
  std::vector<std::string> open_all(live::Generation& generation, bool reuse_port, const Open& open);
  /// The same of one that follows the latest: what that listens on, too, is shared with it.
  std::vector<std::string> open_next(live::Generation& next, bool reuse_port, const Open& open);
  /// The latest generation is another than `before`: its sockets take over, and then those of before are closed.
  void change_over(live::Generation& before);
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
  /// Gives a listener its socket, and says where it is bound.
  using OpenAs = std::function<base::Status(live::Listener& listener, const live::FrontendConfig& frontend,
                                            const model::Bind::Listener& place, const net::ListenOptions& options)>;
  std::vector<std::string> open_each(live::Generation& generation, bool reuse_port, const OpenAs& open);
  /// Closes the sockets, which no worker watches any more, and says so.
  void close(live::Frontend& frontend);

  live::State& state_;
  stream::Workers& workers_;
};

}  // namespace ddbproxy::app
