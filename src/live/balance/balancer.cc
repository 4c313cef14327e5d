#include "live/balance/balancer.h"

#include "live/balance/consistent_hash.h"
#include "live/balance/first.h"
#include "live/balance/least_conn.h"
#include "live/balance/map_hash.h"
#include "live/balance/random.h"
#include "live/balance/round_robin.h"
#include "live/balance/static_rr.h"

namespace ddbproxy::live {

std::shared_ptr<Balancer> make_balancer(const model::Balance& settings, std::span<Server* const> servers) {
  switch (settings.algorithm) {
    case model::Algorithm::static_rr: return std::make_shared<StaticRr>(servers);
    case model::Algorithm::leastconn: return std::make_shared<LeastConn>(servers);
    case model::Algorithm::first: return std::make_shared<First>(servers);
    case model::Algorithm::random: return std::make_shared<Random>(servers, settings.random_draws);
    case model::Algorithm::source:
    case model::Algorithm::rdp_cookie:
      if (settings.method == model::HashMethod::consistent) return std::make_shared<ConsistentHash>(servers, settings);
      return std::make_shared<MapHash>(servers, settings);
    // The rest look into an HTTP request: the parser refuses them, or says that it takes roundrobin.
    case model::Algorithm::roundrobin:
    case model::Algorithm::uri:
    case model::Algorithm::url_param:
    case model::Algorithm::hdr: return std::make_shared<RoundRobin>(servers);
  }
  return nullptr;
}

}  // namespace ddbproxy::live
