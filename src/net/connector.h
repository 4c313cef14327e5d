// Starting a connection to a server: the socket, its source and its options, and the call that does not wait.
#pragma once

#include <ddbproxy/model.h>

#include "base/fd.h"
#include "base/result.h"

namespace ddbproxy::net {

/// All that shapes a connection to a server. Pointers may be null.
struct ConnectOptions {
  const model::Source* source = nullptr;
  const model::KeepAlive* keep_alive = nullptr;
  model::Duration tcp_ut;
  bool smart_connect = false;  ///< The first bytes follow at once: let them carry the handshake's last ACK.
  bool fast_open = false;
  int receive_buffer = 0, send_buffer = 0;
};

/// The socket of a connection that is being made: it becomes writable when that is decided (see take_error()).
/// Fails with an errno when it could not even begin; see is_local_failure().
base::Result<base::Fd> start_connect(const Address& to, const ConnectOptions& options);

/// Whether an errno of start_connect() says that this machine lacks something (descriptors, memory, ports), which is
/// no fault of the server's.
bool is_local_failure(int code);

}  // namespace ddbproxy::net
