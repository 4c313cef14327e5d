// `hash-type map-based`: a client's server stands in a table at the client's hash; a server that comes or goes moves
// most clients.
#pragma once

#include "live/balance/hash.h"
#include "live/balance/server_map.h"
#include "live/balance/static_rr.h"

namespace ddbproxy::live {

class MapHash : public Balancer {
 public:
  MapHash(std::span<Server* const> servers, const model::Balance& settings)
      : map_(servers), rotation_(servers), hash_(settings) {}

  void add(Server& server) override;
  void remove(Server& server) override;
  void set_weight(Server& server, int weight) override;
  Server* pick(const PickRequest& request) override;

 private:
  ServerMap map_;
  StaticRr rotation_;  // for those who have nothing that could be hashed
  const ClientHash hash_;
};

}  // namespace ddbproxy::live
