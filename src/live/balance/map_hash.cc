#include "live/balance/map_hash.h"

#include "live/backend.h"

namespace ddbproxy::live {

void MapHash::add(Server& server) {
  map_.add(server);
  rotation_.add(server);
}

void MapHash::remove(Server& server) {
  map_.remove(server);
  rotation_.remove(server);
}

void MapHash::set_weight(Server& server, int weight) {
  map_.set_weight(server, weight);
  rotation_.set_weight(server, weight);
}

Server* MapHash::pick(const PickRequest& request) {
  const auto hash = hash_(request);
  if (!hash) return rotation_.pick(request);
  const ServerMap::Table& table = map_.get();
  if (table.empty()) return nullptr;
  return table[*hash % table.size()];
}

}  // namespace ddbproxy::live
