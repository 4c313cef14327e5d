// `hash-type consistent`: a client's server is the nearest one on a ring; a server that comes or goes moves only its
// own clients.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "live/balance/balancer.h"
#include "live/balance/ring.h"
#include "live/balance/static_rr.h"

namespace ddbproxy::live {

class ConsistentHash : public Balancer {
 public:
  ConsistentHash(std::span<Server* const> servers, const model::Balance& settings);

  void set_weight(Server& server, int weight) override;
  Server* pick(const PickRequest& request) override;

 private:
  /// hash-balance-factor: holds fewer sessions than its weight's share of all sessions, times the factor.
  bool below_share(const Server& server) const;

  /// What below_share() needs of a server; written by the control thread.
  struct Share {
    std::atomic<uint32_t> weight{0}, before{0};  // effective; `before`: of the servers before it
  };

  Ring ring_;
  StaticRr rotation_;  // for those without an IP address
  const bool avalanche_;
  const int factor_;  // percent; 0: no limit
  std::vector<Server*> servers_;
  std::unique_ptr<Share[]> shares_;  // by the server's index in the backend
  std::atomic<uint32_t> total_weight_{0};
};

}  // namespace ddbproxy::live
