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

/// While it lives the calling thread makes its sockets in that namespace. False, with an errno, where this is not
/// permitted, or where it was not opened and cannot be.
class InNetworkNamespace {
 public:
  explicit InNetworkNamespace(std::string_view name);
  ~InNetworkNamespace();
  InNetworkNamespace(const InNetworkNamespace&) = delete;
  InNetworkNamespace& operator=(const InNetworkNamespace&) = delete;
  explicit operator bool() const { return inside_; }

 private:
  bool inside_ = false;
};

}  // namespace ddbproxy::net
