// A reload in place: the worker that there is reads the files and goes on by them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/master/children.h"
#include "app/options.h"
#include "base/fd.h"
#include "net/loop.h"

namespace ddbproxy::app {

/// What became of a reload in place.
enum class InPlace : uint8_t {
  done,
  refused,   ///< Something is wrong with the files, or what they ask for is not to be had: by a new worker neither.
  not_here,  ///< Only a new worker may be able to: it has other threads, more memory, or is another program.
};

/// Tells them apart by what the worker's `reload` has answered. Pure.
InPlace read_reload_answer(std::string_view answer);

/// Asks one worker at a time, over its runtime API. Lives on the master's one thread.
class WorkerReload {
 public:
  using Done = std::function<void(InPlace outcome, const std::string& answer)>;
  enum class Way : uint8_t {
    itself,          ///< The worker reads and opens by itself.
    provided,        ///< A child of the master does, with the master's rights.
    provided_check,  ///< The same, only to tell what would change.
  };

  WorkerReload(net::Loop& loop, const Options& options);

  /// `done` is called later. False when the worker cannot be reached.
  bool ask(const Child& worker, Way way, Done done);
  bool asking() const { return static_cast<bool>(done_); }

 private:
  void readable(short);
  void too_late();
  void finish(InPlace outcome);

  net::Loop& loop_;
  const Options& options_;
  base::Fd connection_;  // where the answer comes from
  pid_t provider_ = -1;  // who conducts it; none: nobody needs to
  std::string answer_;
  Done done_;
  net::Event event_;  // after the descriptor it watches
  net::Timer patience_;
};

}  // namespace ddbproxy::app
