// From one life of the master to the next: a reload executes the program anew, in the same process.
#pragma once

#include <string>
#include <vector>

#include "app/master/children.h"
#include "base/fd.h"
#include "base/result.h"

namespace ddbproxy::app {

/// What this program was started with, and what a master of before has left to it. To be made first: the variables by
/// which a master speaks to its next life are taken from the environment then.
class Handover {
 public:
  Handover(int argc, char** argv);

  /// A master has executed itself anew, for a reload.
  bool reexecuted() const { return reexecuted_; }
  const std::string& processes() const { return processes_; }
  /// What the configuration of before says to the master, for as long as there is no other.
  struct Kept {
    bool exit_on_failure = true;
    bool reload_on_change = false;
  };
  const Kept& kept() const { return kept_; }
  /// What the master of before has listened on.
  std::vector<base::Fd> take_listeners() { return std::move(listeners_); }

  /// Takes the words off the command line, as others see it, that only speak of the life before.
  void tidy_command_line();
  /// The program at the path by which it was started is another one by now: a package was replaced.
  bool replaced() const;
  /// Executes the program at the path by which it was started, with its arguments and its environment of then, for a
  /// reload that counts. The master's `listeners` and its ways to its workers stay open. Returns only when that fails.
  base::Error execute(const Children& children, const std::vector<int>& listeners, const Kept& kept);

 private:
  int argc_;
  char** argv_;
  bool reexecuted_ = false;
  Kept kept_;
  std::string processes_, directory_;
  std::vector<std::string> arguments_, environment_;
  std::vector<base::Fd> listeners_;
};

/// The arguments without -sf, -st and -x and what belongs to these: they are about the process of before.
std::vector<std::string> without_predecessors(const std::vector<std::string>& arguments);

}  // namespace ddbproxy::app
