// What -v and -vv print: haproxy's leading words, which scripts read, with ddbproxy's own name beside them.
#pragma once

#include <string>

namespace ddbproxy::app {

std::string version_text();        ///< the four lines of -v
std::string polling_text();        ///< how events are waited for: a part of -vv, and of -V's start
std::string build_options_text();  ///< what -vv adds

}  // namespace ddbproxy::app
