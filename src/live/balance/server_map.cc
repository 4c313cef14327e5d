#include "live/balance/server_map.h"

#include <algorithm>
#include <numeric>

#include "live/backend.h"
#include "live/balance/spread.h"
#include "live/server.h"

namespace ddbproxy::live {

ServerMap::ServerMap(std::span<Server* const> servers)
    : servers_(servers.begin(), servers.end()),
      weights_(servers.size()),
      unit_(0),
      table_(std::make_shared<const Table>()) {
  // Over active servers and backups alike, whether they run or not: so the table of those that run keeps its size.
  if (!servers_.empty())
    for (const model::Server& server : servers_.front()->backend().settings().servers)
      unit_ = std::gcd(unit_, server.weight * weight_scale);
  unit_ = std::max(unit_, 1);
}

void ServerMap::add(Server& server) {
  servers_.push_back(&server);
  weights_.push_back(0);
  unit_ = std::max(std::gcd(unit_, server.initial_weight() * weight_scale), 1);
}

void ServerMap::remove(Server& server) {
  const auto at = std::find(servers_.begin(), servers_.end(), &server);
  weights_.erase(weights_.begin() + (at - servers_.begin()));
  servers_.erase(at);
  rebuild();
}

void ServerMap::set_weight(Server& server, int weight) {
  const auto at = std::find(servers_.begin(), servers_.end(), &server) - servers_.begin();
  weights_[static_cast<size_t>(at)] = weight;
  rebuild();
}

void ServerMap::rebuild() {
  std::vector<int> places;
  for (const int weight : weights_) places.push_back((weight + unit_ - 1) / unit_);
  auto table = std::make_shared<Table>();
  for (const uint32_t index : spread(places)) table->push_back(servers_[index]);
  table_.publish(std::move(table));
}

}  // namespace ddbproxy::live
