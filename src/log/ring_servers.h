// The servers of rings: each gets every message of its ring, by TCP.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ddbproxy/log_sections.h>

#include "base/fd.h"
#include "log/ring.h"
#include "net/loop.h"

namespace ddbproxy::log {

/// Carries the messages of one ring to one server, for as long as it lives. A connection that is lost is made anew a
/// second later, and goes on with the next message: what the server had not read by then is lost, and so is what the
/// ring overwrites while it cannot be reached. Control thread.
class RingServer {
 public:
  RingServer(net::Loop& loop, std::shared_ptr<Ring> ring, const model::Ring& section, size_t number);

  /// There may be something new.
  void go_on();
  /// Whether it is what this section asks for, wherever that stands.
  bool serves(const model::Ring& section, size_t number) const;
  const std::string& name() const { return name_; }
  Ring::Position position() const { return at_; }
  void go_on_from(Ring::Position at) { at_ = at; }
  void out_of_memory(base::Memory) { lost(); }

 private:
  void connect();
  void on_decided(short);
  void on_event(short);
  bool hear();
  void say();
  void too_slow() { lost(); }
  void lost();

  net::Loop& loop_;
  const std::shared_ptr<Ring> ring_;
  const std::string name_;  // of the ring and its own
  const Address address_;
  const std::optional<model::Source> source_;
  const model::LogFraming framing_;
  const model::Duration connect_timeout_, server_timeout_;
  Ring::Position at_;
  bool connected_ = false;
  std::string unsent_, message_;
  size_t sent_ = 0;  // of unsent_
  base::Fd socket_;
  net::Event event_;
  net::Timer timeout_, retry_;
};

/// All of them, and whoever else wants to know of new messages. Lives as long as the workers.
class RingServers final : public Ring::Listener {
 public:
  explicit RingServers(net::Loop& loop) : loop_(loop) {}
  ~RingServers();

  /// Serves those of this configuration, and no others; who stays goes on as if nothing had been.
  void adopt(const model::Model& model);
  /// Calls `look` on the control thread after new messages, as long as what is given back lives.
  std::shared_ptr<void> watch(std::function<void()> look);

 private:
  void written() override;
  void tell();

  net::Loop& loop_;
  std::atomic<bool> told_{false};
  std::vector<std::unique_ptr<RingServer>> servers_;
  std::vector<std::weak_ptr<std::function<void()>>> watchers_;
};

}  // namespace ddbproxy::log
