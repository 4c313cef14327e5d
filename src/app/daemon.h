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
  /// The child listens: lets the parent exit with 0, and detaches from standard input, output and error.
  void ready();

 private:
  base::Fd null_;  // opened early: a chroot has no /dev/null
  base::Fd parent_;
};

}  // namespace ddbproxy::app
