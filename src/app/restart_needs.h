// What a file may say that a running process cannot do any more.
#pragma once

#include <string>
#include <vector>

#include <ddbproxy/model.h>

namespace ddbproxy::app {

/// The words of the global section, or of the master's, that are others in `after`, and that only a new process can
/// carry out: "nbthread", "user", ... Empty: `after` can take the place of `before`. Pure.
std::vector<std::string> restart_needs(const model::Model& before, const model::Model& after);

}  // namespace ddbproxy::app
