// What is to be told of the event library: its version and how it polls.
#pragma once

#include <string>

namespace ddbproxy::net {

std::string event_library_version();
/// To be called before anything else of this room: the library allocates as the rest of the program does, with a
/// reserve behind it.
void give_events_a_reserve();
/// "epoll", "poll" or "select".
std::string polling_method();

}  // namespace ddbproxy::net
