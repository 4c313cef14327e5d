// The listening sockets that one thread watches, and the choice of a worker for each client who comes in.
#pragma once

#include <memory>
#include <span>
#include <unordered_map>

#include "stream/worker.h"

namespace ddbproxy::stream {

class Acceptor;
class Admission;

/// The workers that serve a bind line, of so many: the first in the lowest bit. At least one.
uint64_t threads_of(const model::Bind& bind, size_t workers);

/// Lives on the thread of the worker beside it.
class Doorkeeper {
 public:
  /// `hosts`: all workers. Only their host() and load() are used.
  Doorkeeper(Worker& own, std::span<const std::unique_ptr<Worker>> hosts, Admission& admission);
  ~Doorkeeper();
  Doorkeeper(const Doorkeeper&) = delete;
  Doorkeeper& operator=(const Doorkeeper&) = delete;

  /// Begins to accept on a listening socket; again after pause().
  void listen(const live::FrontendConfig& config, live::Listener& listener);
  void pause(const live::Listener& listener);
  /// Lets in who waits on the socket, and forgets it, so that the control thread may close it.
  void unlisten(const live::Listener& listener);
  /// Looks again at sockets whose clients were left waiting at a limit.
  void look_again();

  /// Counts the connection of a client for whom room was claimed, and gives it to the worker that shall host it.
  void let_in(base::Fd client, const live::FrontendConfig& config, live::Listener& listener, const Address& peer);

  Worker& worker() { return own_; }
  Admission& admission() { return admission_; }

 private:
  bool follows_rules(Guest& guest);
  /// Of the workers that serve these clients its own, or the one that has the fewest sessions.
  Worker& choose_host(const model::Bind& bind);

  Worker& own_;
  const std::span<const std::unique_ptr<Worker>> hosts_;
  Admission& admission_;
  std::unordered_map<const live::Listener*, std::unique_ptr<Acceptor>> acceptors_;
};

}  // namespace ddbproxy::stream
