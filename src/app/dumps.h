// What -dK, -dL and -dM print.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ddbproxy::app {

/// -dK: the keywords of the classes named, separated by commas; "help" lists the classes.
std::string keyword_dump(std::string_view classes);
/// -dL: this program and the shared objects it runs with, a line each.
std::string library_dump();
/// -dM: fills freed and new memory with a byte. A feature that is none fails; "help" gives text to print and an end.
struct MemoryDebug {
  bool only_help = false;
  std::string text;
};
base::Result<MemoryDebug> debug_memory(std::string_view features);

}  // namespace ddbproxy::app
