// A `log-forward` section at work: takes messages in and hands each to its log lines.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <ddbproxy/log_sections.h>

#include "base/fd.h"
#include "base/result.h"
#include "log/frames.h"
#include "log/target.h"
#include "net/loop.h"

namespace ddbproxy::log {

/// What one section does. Lives on the thread of its Forwarders.
class Forwarder {
 public:
  /// How a TCP listener is opened; null fd: could not be.
  using Open = std::function<base::Result<base::Fd>(const model::Bind& bind, const model::Bind::Listener& place)>;

  Forwarder(net::Loop& loop, const model::LogForward& section, const model::Global& global);
  ~Forwarder();

  /// Before the loop runs. Failures are passed to `failed` with their bind line and address.
  void open(const model::LogForward& section, const Open& stream, const Open& datagram,
            const std::function<void(const model::Bind&, const Address&, const base::Error&)>& failed);
  void start();
  /// Takes nothing in any more; who is connected stays.
  void close();
  const std::string& name() const { return name_; }
  /// Clients so far. Any thread.
  uint64_t connections() const { return connections_.load(std::memory_order_relaxed); }

 private:
  class Client;
  class Source;
  class Door;

  void take(std::string_view message);
  void leave(Client& client, Door& door);
  void bury();

  net::Loop& loop_;
  const std::string name_;
  std::atomic<uint64_t> connections_{0};
  const std::vector<model::LogTarget> log_lines_;
  std::vector<std::unique_ptr<Target>> targets_;
  const size_t longest_, most_clients_;
  const model::Duration client_timeout_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::unique_ptr<Door>> doors_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::unique_ptr<Client>> gone_;
  net::Timer burial_;
};

/// All sections, on a thread of their own: neither streams nor checks wait for a burst of messages. Without a section
/// there is none.
class Forwarders {
 public:
  Forwarders() = default;
  ~Forwarders();
  Forwarders(const Forwarders&) = delete;
  Forwarders& operator=(const Forwarders&) = delete;

  /// Opens everything; why some could not be is passed to `failed`, with the section's name.
  void open(
      const model::Model& model, const Forwarder::Open& stream, const Forwarder::Open& datagram,
      const std::function<void(std::string_view name, const model::Bind&, const Address&, const base::Error&)>& failed);
  void start();
  /// Takes nothing in any more, and tells each section's name with how many clients it has had. Control thread.
  void close(const std::function<void(std::string_view name, uint64_t connections)>& closed);

 private:
  std::unique_ptr<net::Loop> loop_;
  std::vector<std::unique_ptr<Forwarder>> forwarders_;
  std::thread thread_;
};

/// Messages taken in since the start (`CumRecvLogs`). Any thread.
uint64_t received();

}  // namespace ddbproxy::log
