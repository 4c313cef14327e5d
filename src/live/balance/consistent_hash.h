// `hash-type consistent`: a client's server is the nearest one on a ring; a server that comes or goes moves only its
// own clients.
#pragma once

#include <vector>

#include "live/balance/balancer.h"
#include "live/balance/hash.h"
#include "live/balance/ring.h"
#include "live/balance/static_rr.h"

namespace ddbproxy::live {

class ConsistentHash : public Balancer {
 public:
  ConsistentHash(std::span<Server* const> servers, const model::Balance& settings);

  void add(Server& server) override;
  void remove(Server& server) override;
  void set_weight(Server& server, int weight) override;
  Server* pick(const PickRequest& request) override;

 private:
  /// What hash-balance-factor needs to know of all servers.
  struct Shares {
    struct Share {
      uint32_t weight = 0, before = 0;  // effective; `before`: of the servers before it
    };
    std::vector<Share> of;  // by the server's index in the backend
    uint32_t total = 0;
  };
  /// hash-balance-factor: holds fewer sessions than its weight's share of all sessions, times the factor.
  bool below_share(const Shares& shares, const Server& server) const;
  void publish_shares();

  Ring ring_;
  StaticRr rotation_;  // for those who have nothing that could be hashed
  const ClientHash hash_;
  const int factor_;  // percent; 0: no limit
  struct Member {
    Server* server;
    uint32_t weight;
  };
  std::vector<Member> members_;
  base::Published<Shares> shares_;
  base::Sharded<base::Snapshot<Shares>> readers_;
};

}  // namespace ddbproxy::live
