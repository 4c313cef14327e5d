// The ring of consistent hashing: each server stands at many points, and a hash belongs to the nearest one.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/sharded.h"
#include "base/snapshot.h"

namespace ddbproxy::live {

class Server;

/// A server with effective weight w stands at its first w points: a change of weight moves only the clients that it
/// must, and costs no rebuilding. Changes are made by the control thread, nearest() is called by any thread.
class Ring {
 public:
  explicit Ring(std::span<Server* const> servers);

  void add(Server& server);
  void remove(Server& server);
  void set_weight(Server& server, int weight);
  /// The server nearest to the hash, or the first one after it for which `acceptable` holds; when it holds for none,
  /// any. Null when the ring is empty.
  template <class F>
  Server* nearest(uint32_t hash, F&& acceptable);

 private:
  struct Member {
    Member(Server* who, int points) : server(who), room(points) {}
    Server* const server;
    int room;                    ///< How many points it has in the ring, live or not.
    std::atomic<int> weight{0};  ///< How many of them are live.
  };
  using Members = std::vector<std::shared_ptr<Member>>;
  struct Point {
    uint32_t hash;
    uint16_t number;  // of the server's points, from 0
    const Member* member;
    bool live() const { return number < member->weight.load(std::memory_order_relaxed); }
  };
  struct Points {
    Members members;  ///< Those that the points point at.
    std::vector<Point> sorted;
  };

  void publish();
  Members::iterator find(const Server& server);

  Members members_;
  base::Published<Points> points_;
  base::Sharded<base::Snapshot<Points>> readers_;
};

template <class F>
Server* Ring::nearest(uint32_t hash, F&& acceptable) {
  const std::vector<Point>& points = readers_.local().get(points_).sorted;
  const size_t size = points.size();
  const auto at_or_after = std::lower_bound(points.begin(), points.end(), hash,
                                            [](const Point& point, uint32_t wanted) { return point.hash < wanted; });
  const auto start = static_cast<size_t>(at_or_after - points.begin());
  size_t steps = 0, next = 0, previous = 0;
  for (; steps < size; ++steps)
    if (next = (start + steps) % size; points[next].live()) break;
  if (steps == size) return nullptr;
  for (steps = 1; steps <= size; ++steps)
    if (previous = (start + size - steps) % size; points[previous].live()) break;
  // Distances count around the ring.
  size_t at = hash - points[previous].hash <= points[next].hash - hash ? previous : next;
  for (steps = 0; steps < size; ++steps, at = at + 1 == size ? 0 : at + 1)
    if (points[at].live() && acceptable(*points[at].member->server)) return points[at].member->server;
  return points[previous].member->server;
}

}  // namespace ddbproxy::live
