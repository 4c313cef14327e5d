#include "live/balance/least_conn.h"

#include "live/backend.h"
#include "live/server.h"

namespace ddbproxy::live {

LeastConn::LeastConn(std::span<Server* const> servers) {
  for (Server* server : servers) add(*server);
}

void LeastConn::add(Server& server) {
  std::lock_guard lock(mutex_);
  if (seats_.size() <= server.index()) seats_.resize(server.index() + 1);
  seats_[server.index()].server = &server;
}

void LeastConn::remove(Server& server) {
  std::lock_guard lock(mutex_);
  seats_[server.index()] = {};
}

uint64_t LeastConn::load_of(const Seat& seat) {
  const uint64_t sessions = seat.server->current_sessions() + seat.server->current_queue();
  return sessions ? (sessions + 1) * 256 * weight_scale / static_cast<uint64_t>(seat.weight) : 0;
}

void LeastConn::set_weight(Server& server, int weight) {
  std::lock_guard lock(mutex_);
  Seat& seat = seats_[server.index()];
  if (seat.weight) order_.erase(&seat);
  seat.weight = weight;
  if (weight == 0) return;
  seat.load = load_of(seat);
  seat.arrival = arrivals_++;
  order_.insert(&seat);
}

void LeastConn::load_changed(Server& server) {
  std::lock_guard lock(mutex_);
  // One that is leaving may never have had a seat here.
  if (server.index() >= seats_.size()) return;
  Seat& seat = seats_[server.index()];
  if (seat.weight == 0) return;
  const uint64_t load = load_of(seat);
  if (load == seat.load) return;
  auto node = order_.extract(&seat);
  seat.load = load;
  seat.arrival = arrivals_++;
  order_.insert(std::move(node));
}

bool LeastConn::has_room(const Server& server) const {
  if (server.maxconn() == 0) return true;
  return server.current_sessions() + server.current_queue() < server.current_limit() + server.config().maxqueue;
}

Server* LeastConn::pick(const PickRequest& request) {
  std::lock_guard lock(mutex_);
  Server* avoided = nullptr;
  for (const Seat* seat : order_) {
    if (!has_room(*seat->server)) continue;
    if (seat->server != request.avoid) return seat->server;
    avoided = seat->server;
  }
  return avoided;
}

}  // namespace ddbproxy::live
