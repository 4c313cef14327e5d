// Starts the programs that run beside a worker.
#pragma once

#include <ddbproxy/model.h>

#include "base/result.h"

namespace ddbproxy::app {

/// Forks and executes it, as its user and group; its pid. What hinders the execution is said by the child, which then
/// ends with 1.
base::Result<pid_t> start_program(const model::Program& program);

}  // namespace ddbproxy::app
