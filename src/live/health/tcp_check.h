// The check of layer 4: can a connection be made?
#pragma once

#include "base/fd.h"
#include "live/health/check.h"
#include "net/loop.h"

namespace ddbproxy::live {

class Server;

/// Makes a connection and resets it at once: a server that accepts in its own time never sees it. Sends the PROXY
/// header first where the server expects one (`check-send-proxy`).
class TcpCheck : public Check {
 public:
  TcpCheck(const Server& server, net::Loop& loop, Listener& listener)
      : server_(server), loop_(loop), listener_(listener) {}

  std::optional<CheckResult> start() override;
  CheckResult time_out() override;
  void cancel() override;

 private:
  Address target() const;
  bool sends_proxy_header() const;
  void on_decided(short);

  const Server& server_;
  net::Loop& loop_;
  Listener& listener_;
  base::Fd socket_;
  net::Event event_;
};

}  // namespace ddbproxy::live
