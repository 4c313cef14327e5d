// A client that has yet to send its PROXY header (`accept-proxy`), or that of its NetScaler before it: no session
// before that.
#pragma once

#include "live/frontend.h"
#include "net/loop.h"
#include "stream/worker.h"

namespace ddbproxy::stream {

/// Waits for the headers, then has the worker begin the session; a bad header closes the connection with a log line.
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
  /// In haproxy's order. A NetScaler's header has no `unhandled`: that is its `invalid`.
  enum class Failure : uint8_t { closed, error, timeout, truncated, foreign, invalid, unhandled };

  bool awaits_netscaler() const;
  /// What the header that is awaited is called in the log.
  std::string_view awaited() const;
  std::string waiting(std::string_view what) const;
  /// Each takes its header off the socket; false after a failure.
  bool read_netscaler_header(std::string_view data);
  bool read_proxy_header(std::string_view data);
  bool take(size_t length, Guest::Header header);
  bool fail(Failure failure, std::string_view words, bool empty);
  void log(uint8_t number, std::string_view words, bool empty);

  Worker& worker_;
  Guest guest_;
  base::WallTime accepted_;
  net::Event readable_;
  net::Timer timeout_;
};

}  // namespace ddbproxy::stream
