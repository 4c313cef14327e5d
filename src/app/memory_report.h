// What SIGQUIT asks for: how the process uses its memory.
#pragma once

#include <string>

namespace ddbproxy::app {

std::string memory_report();

}  // namespace ddbproxy::app
