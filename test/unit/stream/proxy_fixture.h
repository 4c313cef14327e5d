// A proxy of two workers on loopback, with the sockets of clients and servers in the test's hands.
#pragma once

#include <memory>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <vector>

#include "base/thread_slot.h"
#include "live/state.h"
#include "net/listener.h"
#include "stream/tcp_stream.h"
#include "stream/workers.h"

namespace ddbproxy::test {

/// Waits for at most some seconds until `holds()`; whether it did.
template <class F>
bool eventually(F&& holds) {
  const base::Instant end = base::now() + std::chrono::seconds{10};
  while (!holds()) {
    if (base::now() > end) return false;
    poll(nullptr, 0, 1);
  }
  return true;
}

/// A blocking socket with a deadline on everything it does.
class Peer {
 public:
  Peer() = default;
  explicit Peer(int fd);
  static Peer connect(const Address& to);

  bool say(std::string_view text) const;
  /// Reads until `size` bytes are there, or the end; what came.
  std::string hear(size_t size = 1 << 30) const;
  /// True when the other side has sent its end or a reset.
  bool ended() const { return hear().empty(); }
  void end() const { shutdown(fd.get(), SHUT_WR); }
  void reset();
  void close() { fd.reset(); }
  explicit operator bool() const { return static_cast<bool>(fd); }

  base::Fd fd;
};

/// Listens on a port of its own.
class Server {
 public:
  explicit Server(int backlog = 10);
  Peer accept() const;
  void stop() { fd_.reset(); }
  const Address& address() const { return address_; }

 private:
  base::Fd fd_;
  Address address_;
};

/// Change `proxy` first, then start(). Its log goes to a socket that log_line() reads.
class ProxyFixture {
 public:
  ProxyFixture();
  ~ProxyFixture();

  void add_server(const Address& address, std::string name = "s");
  void start();
  Peer client() const;
  /// The next line: the termination state and the rest of a tcplog line from the backend's name on.
  std::string log_line() const;
  live::Frontend& frontend() const { return *state->frontends().front(); }
  live::Backend& backend() const { return *state->backends().front(); }
  uint64_t backend_count(base::Counter live::BackendCounters::*member) const { return backend().counters.sum(member); }

  std::shared_ptr<model::Model> model = std::make_shared<model::Model>();
  model::Proxy& proxy;
  stream::Factories factories{&stream::TcpStream::make, nullptr};
  std::unique_ptr<live::State> state;
  std::unique_ptr<stream::Workers> workers;

 private:
  base::Fd log_;
};

}  // namespace ddbproxy::test
