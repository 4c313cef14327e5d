// What SIGHUP asks for: a line for every server and proxy, on the console and in their logs.
#pragma once

#include "live/state.h"

namespace ddbproxy::app {

/// Control thread only (management guide 4).
void dump_servers(live::State& state);

}  // namespace ddbproxy::app
