// A client that has yet to send its PROXY header (`accept-proxy`): no session before that.
#pragma once

#include "live/frontend.h"
#include "net/loop.h"
#include "stream/worker.h"

namespace ddbproxy::stream {

/// Waits for the header, then has the worker begin the session; a bad header closes the connection with a log line.
class ProxyHandshake final : public Stream {
 public:
  ProxyHandshake(Worker& worker, Guest&& guest);

  void start() override;
  void kill(Kill why) override;
  StreamDescription describe() const override;
  const live::Server* server() const override { return nullptr; }
  const live::Backend* backend() const override { return nullptr; }
  const live::Frontend* frontend() const override { return &guest_.config->frontend; }

 private:
  void on_readable(short);
  void on_timeout();
  void fail(std::string_view reason, bool empty);

  Worker& worker_;
  Guest guest_;
  base::WallTime accepted_;
  net::Event readable_;
  net::Timer timeout_;
};

}  // namespace ddbproxy::stream
