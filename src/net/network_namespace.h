// Network namespaces that a configuration names: those under /var/run/netns, as ip(8) makes them.
#pragma once

#include <string>
#include <string_view>

#include "base/fd.h"

namespace ddbproxy::net {

/// Opens it for as long as the process lives, for it may be out of reach later (chroot). False: there is none of this
/// name. Any thread.
bool open_network_namespace(std::string_view name);
/// Whether it was opened.
bool knows_network_namespace(std::string_view name);

/// A non-blocking stream socket in that namespace; empty: the process's own. None, with an errno, where that is not
/// permitted, or where it was not opened and cannot be.
base::Fd make_socket(int family, std::string_view network_namespace);

}  // namespace ddbproxy::net
