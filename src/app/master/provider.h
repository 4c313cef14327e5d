// The child of a master that brings a worker what it may no longer read or open by itself.
#pragma once

#include <sys/types.h>

#include "app/master/children.h"
#include "app/options.h"
#include "base/fd.h"
#include "base/result.h"

namespace ddbproxy::app {

/// A reload that such a child conducts.
struct Provider {
  pid_t pid = -1;
  base::Fd answer;  ///< The worker's answer comes here, and then the end. Non-blocking.
};

/// Forks the child: it reads the files with the master's rights, opens what the worker does not listen on yet, asks the
/// worker to go on by that, and gives UNIX sockets their names when it does.
base::Result<Provider> start_provider(const Child& worker, const Options& options, bool only_check);

}  // namespace ddbproxy::app
