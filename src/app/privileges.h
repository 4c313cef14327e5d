// Gives up what only start-up needs: the file system above chroot, the group, the user, new processes.
#pragma once

#include <ddbproxy/model.h>

#include "base/result.h"

namespace ddbproxy::app {

/// chroot, setgid, setuid, in this order, as the global section says. Errors carry haproxy's words.
/// Whether that takes something from this process, so that it may read and bind less than before.
bool gives_up_rights(const model::Global& global);
base::Status drop_privileges(const model::Global& global);
/// Whether connections to servers take addresses or interfaces that only root may (`source ... usesrc`, `interface`).
bool needs_full_privileges(const model::Model& model);
/// Unless insecure-fork-wanted. To be called when all threads run, since the system counts them as processes.
void forbid_new_processes(const model::Global& global);

}  // namespace ddbproxy::app
