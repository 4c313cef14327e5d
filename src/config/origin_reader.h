// Reads the address that connections to servers start from: `source <address>[:<ports>] [usesrc <whose>] [interface
// <name>]`.
#pragma once

#include <optional>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// From the address on; reports what is wrong and returns nothing then. Only a server may have a range of ports.
std::optional<model::Source> read_source(Line& line, bool of_server);

}  // namespace ddbproxy::config
