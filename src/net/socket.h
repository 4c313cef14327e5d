// Small calls on sockets that several parts of the proxy make.
#pragma once

#include <ddbproxy/address.h>
#include <ddbproxy/model.h>

namespace ddbproxy::net {

/// Sets an integer option; false when the system refuses.
bool set_option(int fd, int level, int name, int value);
/// SO_KEEPALIVE and what the configuration adds to it; does nothing when it is off.
void set_keep_alive(int fd, const model::KeepAlive& keep_alive);
/// The pending error of a socket, cleared by asking; 0 when there is none.
int take_error(int fd);
/// Makes close() reset the connection at once.
void reset_on_close(int fd);

/// The address a socket is bound to, with the port the kernel chose.
Address local_address(int fd);
/// The address at the other end; empty when there is none any more.
Address peer_address(int fd);

}  // namespace ddbproxy::net
