// `balance first`: the server with the lowest id that has a free slot.
#pragma once

#include <vector>

#include "base/sharded.h"
#include "base/snapshot.h"
#include "live/balance/balancer.h"

namespace ddbproxy::live {

class First : public Balancer {
 public:
  explicit First(std::span<Server* const> servers);

  void add(Server& server) override;
  void remove(Server& server) override;
  void set_weight(Server&, int) override {}  // pick() asks each server itself
  Server* pick(const PickRequest& request) override;

 private:
  using Order = std::vector<Server*>;
  void publish(Order servers);

  base::Published<Order> by_id_;
  base::Sharded<base::Snapshot<Order>> readers_;
};

}  // namespace ddbproxy::live
