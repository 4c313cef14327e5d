// `balance random`: of some servers drawn at random, by weight, the least loaded.
#pragma once

#include "live/balance/balancer.h"
#include "live/balance/ring.h"

namespace ddbproxy::live {

class Random : public Balancer {
 public:
  Random(std::span<Server* const> servers, int draws) : ring_(servers), draws_(draws) {}

  void add(Server& server) override { ring_.add(server); }
  void remove(Server& server) override { ring_.remove(server); }
  void set_weight(Server& server, int weight) override { ring_.set_weight(server, weight); }
  Server* pick(const PickRequest& request) override;

 private:
  Ring ring_;
  const int draws_;
};

}  // namespace ddbproxy::live
