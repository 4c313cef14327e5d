#include "live/balance/consistent_hash.h"

#include <algorithm>

#include "live/backend.h"
#include "live/balance/hash.h"

namespace ddbproxy::live {
namespace {

size_t slots(std::span<Server* const> servers) {
  size_t count = 0;
  for (const Server* server : servers) count = std::max<size_t>(count, server->index() + 1);
  return count;
}

}  // namespace

ConsistentHash::ConsistentHash(std::span<Server* const> servers, const model::Balance& settings)
    : ring_(servers),
      rotation_(servers),
      avalanche_(settings.avalanche),
      factor_(settings.hash_balance_factor),
      servers_(servers.begin(), servers.end()),
      shares_(new Share[slots(servers)]) {}

void ConsistentHash::set_weight(Server& server, int weight) {
  ring_.set_weight(server, weight);
  rotation_.set_weight(server, weight);
  if (factor_ == 0) return;
  shares_[server.index()].weight.store(static_cast<uint32_t>(weight), std::memory_order_relaxed);
  uint32_t total = 0;
  for (const Server* each : servers_) {
    Share& share = shares_[each->index()];
    share.before.store(total, std::memory_order_relaxed);
    total += share.weight.load(std::memory_order_relaxed);
  }
  total_weight_.store(total, std::memory_order_relaxed);
}

bool ConsistentHash::below_share(const Server& server) const {
  const uint64_t total = total_weight_.load(std::memory_order_relaxed);
  if (total == 0) return true;
  const uint64_t slots = ((server.backend().served() + uint64_t{1}) * static_cast<uint64_t>(factor_) + 99) / 100;
  const Share& share = shares_[server.index()];
  const uint64_t weight = share.weight.load(std::memory_order_relaxed),
                 before = share.before.load(std::memory_order_relaxed);
  // The remainder of the division is dealt out along the list of servers, so that all slots are given away.
  const uint64_t rest = slots % total;
  const uint64_t own = weight * (slots / total) + (before + weight) * rest / total - before * rest / total;
  return server.current_sessions() < std::max<uint64_t>(own, 1);
}

Server* ConsistentHash::pick(const PickRequest& request) {
  if (!request.client || !request.client->is_ip()) return rotation_.pick(request);
  uint32_t hash = hash_address(*request.client);
  if (avalanche_) hash = scatter(hash);
  return ring_.nearest(
      hash, [&](const Server& server) { return &server != request.avoid && (factor_ == 0 || below_share(server)); });
}

}  // namespace ddbproxy::live
