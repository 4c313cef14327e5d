// `balance static-rr`: each server in turn, by a table that only changes when a server comes or goes.
#pragma once

#include <atomic>

#include "live/balance/balancer.h"
#include "live/balance/server_map.h"

namespace ddbproxy::live {

class StaticRr : public Balancer {
 public:
  explicit StaticRr(std::span<Server* const> servers) : map_(servers) {}

  void add(Server& server) override { map_.add(server); }
  void remove(Server& server) override { map_.remove(server); }
  void set_weight(Server& server, int weight) override { map_.set_weight(server, weight); }
  Server* pick(const PickRequest& request) override;

 private:
  ServerMap map_;
  std::atomic<size_t> next_{0};  // place in the table
};

}  // namespace ddbproxy::live
