// The way by which a master reaches its worker's runtime API.
#pragma once

#include <functional>

#include "admin/socket_server.h"
#include "base/fd.h"
#include "net/loop.h"

namespace ddbproxy::admin {

/// One end of a pair of sockets: each connection of the master arrives there as a descriptor. Such clients may do
/// everything, at any time: also when the process listens no longer. Control thread.
class MasterLink {
 public:
  MasterLink(net::Loop& control, SocketServer& server) : loop_(control), server_(server) {}
  /// `gone` is called when there is no master any more.
  void open(base::Fd pair, std::function<void()> gone);

 private:
  void readable(short);

  net::Loop& loop_;
  SocketServer& server_;
  base::Fd pair_;
  std::function<void()> gone_;
  net::Event event_;
};

}  // namespace ddbproxy::admin
