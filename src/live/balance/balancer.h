// The seam between a backend and its `balance` algorithm.
#pragma once

#include <memory>
#include <span>

#include <ddbproxy/model.h>

#include "live/mentioned.h"

namespace ddbproxy::live {

class Server;
struct PickRequest;

/// One algorithm over one group of servers: a backend's active ones, or its backups.
class Balancer : public Mentioned {
 public:
  /// A server joins, with weight 0, or goes, whose weight is 0 by then. Its pick() may still be under way elsewhere,
  /// and load_changed() may still come. Control thread.
  virtual void add(Server& server) = 0;
  virtual void remove(Server& server) = 0;
  /// The server's effective weight is `weight` from now on; 0 takes it out. Control thread.
  virtual void set_weight(Server& server, int weight) = 0;
  /// The server whose turn it is. Null when all are full; an algorithm that must give the same server to the same
  /// client gives it even when it is full. Any thread.
  virtual Server* pick(const PickRequest& request) = 0;
  /// A session came to the server or left it, or its queue. Only called if follows_load(). Any thread.
  virtual void load_changed(Server&) {}
  virtual bool follows_load() const { return false; }
};

/// The algorithm that `settings` name, over these servers; all weights are 0 until set_weight().
std::shared_ptr<Balancer> make_balancer(const model::Balance& settings, std::span<Server* const> servers);

}  // namespace ddbproxy::live
