// The name of this machine.
#pragma once

#include <string>

namespace ddbproxy::base {

/// As the system has it now; empty when it has none.
std::string host_name();

}  // namespace ddbproxy::base
