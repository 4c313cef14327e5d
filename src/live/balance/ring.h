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
/// must, and costs no rebuilding. set_weight() is called by the control thread, nearest() by any thread.
class Ring {
 public:
  explicit Ring(std::span<Server* const> servers);

  void set_weight(Server& server, int weight);
  /// The server nearest to the hash, or the first one after it for which `acceptable` holds; when it holds for none,
  /// any. Null when the ring is empty.
  template <class F>
  Server* nearest(uint32_t hash, F&& acceptable);

 private:
  struct Point {
    uint32_t hash;
    uint16_t number;  // of the server's points, from 0
    uint32_t server;  // index in servers_
  };
  using Points = std::vector<Point>;

  Points all_points() const;
  bool live(const Point& point) const { return point.number < weights_[point.server].load(std::memory_order_relaxed); }

  std::vector<Server*> servers_;
  std::vector<int> room_;                        // how many points each server has in the ring, live or not
  std::unique_ptr<std::atomic<int>[]> weights_;  // how many of them are live
  base::Published<Points> points_;
  base::Sharded<base::Snapshot<Points>> readers_;
};

template <class F>
Server* Ring::nearest(uint32_t hash, F&& acceptable) {
  const Points& points = readers_.local().get(points_);
  const size_t size = points.size();
  const auto at_or_after = std::lower_bound(points.begin(), points.end(), hash,
                                            [](const Point& point, uint32_t wanted) { return point.hash < wanted; });
  const auto start = static_cast<size_t>(at_or_after - points.begin());
  size_t steps = 0, next = 0, previous = 0;
  for (; steps < size; ++steps)
    if (next = (start + steps) % size; live(points[next])) break;
  if (steps == size) return nullptr;
  for (steps = 1; steps <= size; ++steps)
    if (previous = (start + size - steps) % size; live(points[previous])) break;
  // Distances count around the ring.
  size_t at = hash - points[previous].hash <= points[next].hash - hash ? previous : next;
  for (steps = 0; steps < size; ++steps, at = at + 1 == size ? 0 : at + 1)
    if (live(points[at]) && acceptable(*servers_[points[at].server])) return servers_[points[at].server];
  return servers_[points[previous].server];
}

}  // namespace ddbproxy::live
