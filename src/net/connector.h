// Starting a connection to a server: the socket, its source and its options, and the call that does not wait.
#pragma once

#include <string_view>

#include <ddbproxy/model.h>

#include "base/fd.h"

namespace ddbproxy::net {

/// All that shapes a connection to a server. Pointers may be null.
struct ConnectOptions {
  const model::Source* source = nullptr;
  const Address* client = nullptr;     ///< For `usesrc`; null: as if there were none.
  const Address* socks4 = nullptr;     ///< The proxy to connect to instead; that of an IP server only.
  std::string_view network_namespace;  ///< To start from; empty: the process's own.
  const model::KeepAlive* keep_alive = nullptr;
  model::Duration tcp_ut;
  bool smart_connect = false;  ///< The first bytes follow at once: let them carry the handshake's last ACK.
  bool fast_open = false;
  int receive_buffer = 0, send_buffer = 0;
};

/// What kept a connection from even beginning.
enum class ConnectFailure : uint8_t {
  no_socket,  ///< This machine has no descriptors or no memory left.
  source,     ///< The source address is none of this machine's, or its ports are taken.
  foreign,    ///< An address of another machine's may not be used, or is none.
  no_port,    ///< All local ports are taken; of a UNIX socket, the server's backlog is full.
  refused,    ///< By the network or by the server.
};

/// How a connection began: with a socket, or with an error.
struct ConnectStart {
  base::Fd fd;
  ConnectFailure failure{};
  int error = 0;  ///< The errno of the failure.
  explicit operator bool() const { return static_cast<bool>(fd); }
};

/// The socket of a connection that is being made becomes writable when that is decided (see take_error()).
ConnectStart start_connect(const Address& to, const ConnectOptions& options);

}  // namespace ddbproxy::net
