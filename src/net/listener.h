// Opening and pausing listening sockets, the way haproxy does and with its words when it fails.
#pragma once

#include <optional>
#include <string>

#include <ddbproxy/model.h>

#include "base/fd.h"
#include "base/result.h"

namespace ddbproxy::net {

/// What the process and the proxy add to a `bind` line.
struct ListenOptions {
  bool reuse_port = true;  ///< Not with noreuseport or -dR.
  int backlog = 0;         ///< For a bind line without one: the proxy's backlog, or its maxconn.
  // The global section's unix-bind, for UNIX sockets that do not say otherwise.
  std::string unix_prefix;
  std::optional<mode_t> unix_mode;
  std::optional<uid_t> unix_uid;
  std::optional<gid_t> unix_gid;
};
ListenOptions listen_options(const model::Global& global, int backlog);

/// Opens one listening socket, non-blocking and close-on-exec; with inherited_fd takes that one over after a look at
/// it. Fails with haproxy's words: "cannot bind socket (Address already in use) for [127.0.0.1:80]".
base::Result<base::Fd> open_listener(const model::Bind& bind, const model::Bind::Listener& listener,
                                     const ListenOptions& options);

/// The address a socket is bound to, with the port the kernel chose.
Address local_address(int fd);
/// The address at the other end; empty when there is none any more.
Address peer_address(int fd);

/// Stops listening without giving up the address (SIGTTOU, `disable frontend`); false where the system cannot.
bool suspend_listening(int fd);
bool resume_listening(int fd, int backlog);

}  // namespace ddbproxy::net
