// What servers need from elsewhere: their address behind a name, the server they track, a port to check.
#pragma once

#include "config/context.h"

namespace ddbproxy::config {

/// What follows from the server's own words alone: its limits, the port of its checks.
void settle_server(model::Server& server);

/// Checks names and tracking of the proxy's servers.
void resolve_servers(Context& context, model::Proxy& proxy);

/// Finds the section of each server's `resolvers`.
void resolve_name_servers(Context& context);

/// Looks up names of servers; haproxy does it last, and only when nothing else is wrong.
void resolve_server_addresses(Context& context);

}  // namespace ddbproxy::config
