// `balance first`: the server with the lowest id that has a free slot.
#pragma once

#include <vector>

#include "live/balance/balancer.h"

namespace ddbproxy::live {

class First : public Balancer {
 public:
  explicit First(std::span<Server* const> servers);

  void set_weight(Server&, int) override {}  // pick() asks each server itself
  Server* pick(const PickRequest& request) override;

 private:
  std::vector<Server*> by_id_;
};

}  // namespace ddbproxy::live
