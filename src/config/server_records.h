// What files of server states have of the servers that were configured.
#pragma once

#include "config/context.h"

namespace ddbproxy::config {

/// Gives each server the line that the file of its backend (`load-server-state-from-file`) has of it; what is wrong
/// with a file is warned of. When something runs already, no file is read: its servers' lines and addresses are kept.
void load_server_records(Context& context);

}  // namespace ddbproxy::config
