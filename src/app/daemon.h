// Leaves the terminal: the parent waits until the child listens, so that its exit status tells.
#pragma once

#include "base/fd.h"
#include "base/result.h"

namespace ddbproxy::app {

/// -D. Made before anything listens; the process that go_background() returns in is the child, with a session of its
/// own. The parent exits 0 when the child calls ready(), else with the child's status.
class Daemon {
 public:
  /// Forks; returns in the child only. Errors: no /dev/null, no pipe, no fork.
  base::Status go_background();
  /// Of a worker: the master waits at the other end of `pipe` for ready(), instead of the parent.
  void answer_to(base::Fd pipe) { waiting_ = std::move(pipe); }
  /// The child listens: lets who waits for it go on, the parent exits with 0; and detaches a daemon from standard
  /// input, output and error.
  void ready();

 private:
  base::Fd null_;  // opened early: a chroot has no /dev/null
  base::Fd waiting_;
};

}  // namespace ddbproxy::app
