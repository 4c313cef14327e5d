// Taking the place of a process of before: its sockets, its ports, its names, and its end.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include <ddbproxy/model.h>

#include "app/options.h"
#include "base/fd.h"
#include "base/result.h"
#include "net/listener.h"
#include "net/socket_passing.h"

namespace ddbproxy::app {

/// What makes this process the one in charge (the paths of UNIX sockets, the pid file, telling the old ones to go) is
/// done last, when nothing can fail any more. By then this process has given up the rights for it, so a child keeps
/// them: prepare() makes it, complete() has it work. Where complete() is not reached, everything stays as it was; make
/// this before what listens, so that the ports are free when the old processes go on.
class Takeover {
 public:
  /// An empty pidfile: none is written. `in_charge`: whose pid it has; a master's, or this process's own.
  Takeover(const Options& options, std::string pidfile, pid_t in_charge)
      : options_(options), pidfile_(std::move(pidfile)), in_charge_(in_charge) {}
  ~Takeover();
  Takeover(const Takeover&) = delete;
  Takeover& operator=(const Takeover&) = delete;

  /// Asks the process that -x names for its sockets. Fails with haproxy's words.
  base::Status inherit();
  /// As net::open_listener(). A port that is taken is tried for two seconds, while the old processes pause.
  base::Result<base::Fd> open(const model::Bind& bind, const model::Bind::Listener& listener,
                              net::ListenOptions options);
  /// When everything listens and no right is given up yet.
  base::Status prepare();
  /// The end of the start.
  base::Status complete();

 private:
  bool wait_for_port();
  void tell_old(int signal) const;
  void put_back() const;

  const Options& options_;
  std::string pidfile_;
  pid_t in_charge_;
  net::InheritedSockets inherited_;
  std::vector<net::PendingName> names_;
  int patience_ = 200;  // times of 10 ms
  bool paused_old_ = false, completed_ = false;
  base::Fd child_;  // a socket to it; closed, it puts things back
  pid_t child_pid_ = -1;
};

}  // namespace ddbproxy::app
