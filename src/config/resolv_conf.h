// The name servers that the system itself asks.
#pragma once

#include <ddbproxy/outside.h>
#include <ddbproxy/resolvers.h>

namespace ddbproxy::config {

inline constexpr const char* resolv_conf_path = "/etc/resolv.conf";

/// Adds those of resolv.conf that are not there yet, each named by its address; false when the file cannot be read.
bool add_system_name_servers(model::Resolvers& resolvers, const Location& where, Outside& outside);

}  // namespace ddbproxy::config
