// `balance leastconn`: the server with the fewest sessions for its weight.
#pragma once

#include <deque>
#include <mutex>
#include <set>

#include "live/balance/balancer.h"

namespace ddbproxy::live {

/// Of equal servers the one goes first that has been equal for longest, as with haproxy: the order depends on every
/// change of load, so it is kept under a lock (held for O(log servers)), and not looked for in a snapshot (O(servers)).
class LeastConn : public Balancer {
 public:
  explicit LeastConn(std::span<Server* const> servers);

  void add(Server& server) override;
  void remove(Server& server) override;
  void set_weight(Server& server, int weight) override;
  Server* pick(const PickRequest& request) override;
  void load_changed(Server& server) override;
  bool follows_load() const override { return true; }

 private:
  struct Seat {
    Server* server = nullptr;
    int weight = 0;  // 0: not in order_
    uint64_t load = 0, arrival = 0;
  };
  struct Lighter {
    bool operator()(const Seat* a, const Seat* b) const {
      return a->load != b->load ? a->load < b->load : a->arrival < b->arrival;
    }
  };
  static uint64_t load_of(const Seat& seat);
  bool has_room(const Server& server) const;

  std::mutex mutex_;
  std::deque<Seat> seats_;  // by the server's index in the backend; others stay empty
  std::set<Seat*, Lighter> order_;
  uint64_t arrivals_ = 0;
};

}  // namespace ddbproxy::live
