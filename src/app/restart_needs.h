// What a file may say that a running process cannot do any more.
#pragma once

#include <string>
#include <vector>

#include <ddbproxy/model.h>

namespace ddbproxy::app {

/// The words of the global section that are others in `after`, and that only a new process can carry out: "nbthread",
/// "user", ... Empty: `after` can take the place of `before`. Pure.
std::vector<std::string> restart_needs(const model::Global& before, const model::Global& after);

}  // namespace ddbproxy::app
