// What a file may say that a running process cannot do any more.
#pragma once

#include <string>
#include <vector>

#include <ddbproxy/model.h>

namespace ddbproxy::app {

/// The words of the global section, or of the master's, that are others in `after`, and that only a new process can
/// carry out: "nbthread", "user", ... What only a master heeds counts with one. Empty: `after` can take the place of
/// `before`. Pure.
std::vector<std::string> restart_needs(const model::Model& before, const model::Model& after, bool under_master);

}  // namespace ddbproxy::app
