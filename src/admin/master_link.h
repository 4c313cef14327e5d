// The way by which a master reaches its worker's runtime API.
#pragma once

#include <functional>

#include "admin/socket_server.h"
#include "base/fd.h"
#include "net/loop.h"

namespace ddbproxy::admin {

/// What a worker says to its master, a byte each.
inline constexpr char wants_reload = 'r', wants_check = 'c';

/// One end of a pair of sockets: each connection of the master arrives there as a descriptor. Such clients may do
/// everything, at any time: also when the process listens no longer. Control thread.
class MasterLink {
 public:
  MasterLink(net::Loop& control, SocketServer& server) : loop_(control), server_(server) {}
  /// `gone` is called when there is no master any more.
  void open(base::Fd pair, std::function<void()> gone);
  /// Asks the master to bring a provision for a reload, or for a look at what one would change.
  void ask_for_reload(bool only_check);

 private:
  void readable(short);

  net::Loop& loop_;
  SocketServer& server_;
  base::Fd pair_;
  std::function<void()> gone_;
  net::Event event_;
};

}  // namespace ddbproxy::admin
