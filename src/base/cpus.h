// How many CPUs this process may use.
#pragma once

namespace ddbproxy::base {

/// The CPUs in this process's affinity mask, 1 or more.
int usable_cpus();

}  // namespace ddbproxy::base
