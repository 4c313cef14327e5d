// Makes the process that works: a fork of the master, which has no threads.
#pragma once

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include <ddbproxy/model.h>

#include "app/daemon.h"
#include "app/master/children.h"
#include "app/options.h"
#include "base/fd.h"
#include "base/result.h"

namespace ddbproxy::app {

struct StartedWorker {
  pid_t pid = -1;
  base::Fd link;   ///< see admin::MasterLink
  base::Fd ready;  ///< gives a byte when it works, and ends without one when it could not start
};

/// Returns in the master only; in the child it does not return. `of_master` are the descriptors that only the master
/// may have.
base::Result<StartedWorker> start_worker(std::shared_ptr<const model::Model> model, const Options& options,
                                         Daemon& daemon, const Children& children, const std::vector<int>& of_master);

/// "unix@/run/x.sock;ipv4@127.0.0.1:9999": what HAPROXY_CLI and HAPROXY_MASTER_CLI say.
std::string names_of(const std::vector<model::Bind>& sockets);

}  // namespace ddbproxy::app
