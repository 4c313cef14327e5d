// What -d shows: a line on stdout for each session's beginning and end.
#pragma once

#include <string_view>

namespace ddbproxy::log {

/// Set once, before the workers start.
void set_tracing(bool on);
bool tracing();
/// Any thread.
void trace(std::string_view line);

}  // namespace ddbproxy::log
