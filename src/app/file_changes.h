// What a configuration says now that it did not say before, in words for a person.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/diagnostics.h>

#include "live/update.h"

namespace ddbproxy::app {

/// One text a section: "backend be: server two added, server one removed (12 sessions go on)", "frontend fe: timeout
/// client 1m -> 1h, bind :81 added". Compares lines as they are written, however they are indented, and in any order;
/// what stands in a branch of `.if` that is not taken is compared, too. Empty: nothing has changed. `servers` adds how
/// many sessions go on. Passwords are not shown. Pure.
using Sources = std::vector<std::shared_ptr<const SourceFile>>;
std::vector<std::string> file_changes(const Sources& before, const Sources& after,
                                      const std::vector<live::ServerChanges>& servers = {});

}  // namespace ddbproxy::app
