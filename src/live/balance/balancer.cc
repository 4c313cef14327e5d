#include "live/balance/balancer.h"

#include "live/balance/round_robin.h"

namespace ddbproxy::live {

std::unique_ptr<Balancer> make_balancer(const model::Balance& settings, std::span<Server* const> servers) {
  return std::make_unique<RoundRobin>(servers);
}

}  // namespace ddbproxy::live
