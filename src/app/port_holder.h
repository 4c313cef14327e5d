// Who listens on a port that was wanted: told beside the error, where /proc tells it.
#pragma once

#include <string>

#include <ddbproxy/address.h>

namespace ddbproxy::app {

/// "held by process 4711, nginx"; empty when the port is nobody's, or somebody's whom this process may not look at.
std::string port_holder(const Address& address);

}  // namespace ddbproxy::app
