#include "live/balance/ring.h"

#include "base/hashes.h"
#include "live/server.h"

namespace ddbproxy::live {

Ring::Ring(std::span<Server* const> servers) : points_(nullptr) {
  for (Server* server : servers)
    members_.push_back(std::make_shared<Member>(server, server->initial_weight() * weight_scale));
  publish();
}

void Ring::publish() {
  auto points = std::make_shared<Points>();
  points->members = members_;
  for (const auto& member : members_)
    for (int number = 0; number < member->room; ++number)
      points->sorted.push_back(
          {base::scatter(member->server->id() * 256 * weight_scale + static_cast<uint32_t>(number)),
           static_cast<uint16_t>(number), member.get()});
  std::stable_sort(points->sorted.begin(), points->sorted.end(),
                   [](const Point& a, const Point& b) { return a.hash < b.hash; });
  points_.publish(std::move(points));
}

Ring::Members::iterator Ring::find(const Server& server) {
  return std::find_if(members_.begin(), members_.end(), [&](const auto& member) { return member->server == &server; });
}

void Ring::add(Server& server) {
  members_.push_back(std::make_shared<Member>(&server, server.initial_weight() * weight_scale));
  publish();
}

void Ring::remove(Server& server) {
  members_.erase(find(server));
  publish();
}

void Ring::set_weight(Server& server, int weight) {
  Member& member = **find(server);
  if (weight > member.room) {
    member.room = weight;
    publish();
  }
  member.weight.store(weight, std::memory_order_relaxed);
}

}  // namespace ddbproxy::live
