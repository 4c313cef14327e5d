// What servers need from elsewhere: their address behind a name, the server they track, a port to check.
#pragma once

#include "config/context.h"

namespace ddbproxy::config {

/// Checks names and tracking of the proxy's servers.
void resolve_servers(Context& context, model::Proxy& proxy);

/// Finds the section of each server's `resolvers`.
void resolve_name_servers(Context& context);

/// Looks up names of servers; haproxy does it last, and only when nothing else is wrong.
void resolve_server_addresses(Context& context);

}  // namespace ddbproxy::config
