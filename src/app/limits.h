// How many connections this process can hold: worked out from the descriptor limit as haproxy 2.6 does.
#pragma once

#include <cstdint>
#include <string>

#include <ddbproxy/model.h>

#include "app/options.h"
#include "base/result.h"

namespace ddbproxy::app {

/// What the numbers depend on.
struct LimitsRequest {
  uint32_t maxconn = 0;   ///< asked for; 0: as many as the descriptors allow
  uint32_t ulimit_n = 0;  ///< asked for; 0: as many as maxconn needs
  uint32_t listeners = 0, checks = 0, threads = 1;
  uint32_t runtime_api = 10;  ///< its clients at once
  uint32_t maxpipes = 0;
  uint32_t memory_mb = 0;                   ///< -m; 0: no limit
  uint64_t soft_limit = 0, hard_limit = 0;  ///< of descriptors, as the kernel has them
};

struct Limits {
  uint32_t maxconn = 0;
  uint32_t maxsock = 0;   ///< descriptors needed for maxconn
  uint32_t ulimit_n = 0;  ///< descriptors to ask the kernel for
  bool chosen = false;    ///< maxconn was not asked for
};

/// Pure. Each connection takes two descriptors; what is left are listeners, checks, clients of the
/// runtime API, and 10 + 3 a thread.
Limits work_out_limits(const LimitsRequest& request);

/// Worker threads: nbthread, or the CPUs this process may use, 64 at most.
int thread_count(const model::Global& global);
/// For this model, these options and this process's descriptor limits.
Limits limits_of(const model::Model& model, const Options& options);

/// How many pipes the relay may open beyond what the sum foresees: 64, or fewer where the kernel's limit leaves no room
/// for them. Raises the limit for them if it can.
uint32_t spare_pipes(const Limits& limits);

/// -m: what the process may map, in megabytes; 0: no limit. Under a limit, this one or the caller's, threads share one
/// heap and have small stacks, for each would map its own whether it needs it or not. Before any thread is made.
base::Status limit_memory(uint32_t megabytes);

/// Raises the descriptor limit to limits.ulimit_n. Fails with haproxy's words when the kernel refuses.
base::Status apply_limits(const Limits& limits, bool strict);
/// What haproxy says, and goes on, when the process may open fewer descriptors than it may need; else empty.
std::string say_limit_too_low(const Limits& limits);

}  // namespace ddbproxy::app
