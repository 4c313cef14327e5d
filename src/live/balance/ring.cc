#include "live/balance/ring.h"

#include "live/balance/hash.h"
#include "live/server.h"

namespace ddbproxy::live {

Ring::Ring(std::span<Server* const> servers)
    : servers_(servers.begin(), servers.end()),
      weights_(new std::atomic<int>[servers.size()] {}),
      points_(std::make_shared<const Points>()) {
  for (const Server* server : servers_) room_.push_back(server->initial_weight() * weight_scale);
  points_.publish(std::make_shared<const Points>(all_points()));
}

Ring::Points Ring::all_points() const {
  Points points;
  for (uint32_t server = 0; server < servers_.size(); ++server)
    for (int number = 0; number < room_[server]; ++number)
      points.push_back({scatter(servers_[server]->id() * 256 * weight_scale + static_cast<uint32_t>(number)),
                        static_cast<uint16_t>(number), server});
  std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.hash < b.hash; });
  return points;
}

void Ring::set_weight(Server& server, int weight) {
  const auto at = static_cast<size_t>(std::find(servers_.begin(), servers_.end(), &server) - servers_.begin());
  if (weight > room_[at]) {
    room_[at] = weight;
    points_.publish(std::make_shared<const Points>(all_points()));
  }
  weights_[at].store(weight, std::memory_order_relaxed);
}

}  // namespace ddbproxy::live
