// `cpu-map` (manual 3.1): which CPUs threads run on.
#pragma once

#include <bitset>
#include <cstddef>
#include <vector>

namespace ddbproxy::model {

inline constexpr size_t max_cpus = 1024, max_threads = 64;
using CpuSet = std::bitset<max_cpus>;

struct CpuMap {
  CpuSet process;               ///< What the sets of threads are cut to; empty: to nothing.
  std::vector<CpuSet> threads;  ///< By number from 0; empty, or max_threads of them.

  /// Those that a thread, counted from 0, is bound to; empty: it runs where it may.
  CpuSet of(size_t thread) const {
    if (thread >= threads.size()) return {};
    return process.any() ? threads[thread] & process : threads[thread];
  }
  bool operator==(const CpuMap&) const = default;
};

}  // namespace ddbproxy::model
