// Listening sockets on their way from one process to the one that takes its place, over a UNIX socket and in the format
// of haproxy's `_getsocks` (compared on the wire with 2.6.12).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/address.h>
#include <ddbproxy/model.h>

#include "base/fd.h"
#include "base/result.h"

namespace ddbproxy::net {

/// A socket that goes on listening here, too.
struct GivenSocket {
  int fd;
  std::string_view interface;
  std::string_view network_namespace = {};
};

struct PassedSocket {
  base::Fd fd;
  std::string interface;               ///< that it is bound to; empty: none
  std::string network_namespace = {};  ///< empty: the other process's own
};

/// Writes all of them to `connection`. Blocks while the other side takes them, at most a second for each 252.
base::Status send_sockets(int connection, std::span<const GivenSocket> sockets);

/// Connects to the process at the other end of `pair`, one of two connected sockets, which takes its connections from
/// there with receive_connection(): haproxy's `sockpair@`.
base::Result<base::Fd> connect_through(int pair);
/// The next connection that came through, non-blocking; none when there is none now. `gone`: the other process has
/// closed its end.
base::Fd receive_connection(int pair, bool& gone);

/// What send_sockets() writes at the other end of a connection. The sender is told of each message that came; of the
/// last, too, which it need not read. Blocks as long as that. Fails with haproxy's words.
base::Result<std::vector<PassedSocket>> receive_passed(int connection);

/// Asks the process that listens at `path` for its sockets ("sockpair@4": at the other end of that descriptor). Fails
/// with haproxy's words.
base::Result<std::vector<PassedSocket>> receive_sockets(const std::string& path);

/// The sockets of a process of before, each to be taken once by the bind line that would open its like.
class InheritedSockets {
 public:
  void add(std::vector<PassedSocket> sockets);
  /// One that is bound as `bind` says to `address`; none when there is none.
  base::Fd take(const model::Bind& bind, const Address& address);
  /// Closes those that nobody took.
  void drop_rest() { sockets_.clear(); }

 private:
  std::vector<PassedSocket> sockets_;
};

}  // namespace ddbproxy::net
