// What is to be told of the event library: its version and how it polls.
#pragma once

#include <string>

namespace ddbproxy::net {

std::string event_library_version();
/// "epoll", "poll" or "select".
std::string polling_method();

}  // namespace ddbproxy::net
