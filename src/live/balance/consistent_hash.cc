#include "live/balance/consistent_hash.h"

#include <algorithm>

#include "live/backend.h"

namespace ddbproxy::live {

ConsistentHash::ConsistentHash(std::span<Server* const> servers, const model::Balance& settings)
    : ring_(servers),
      rotation_(servers),
      hash_(settings),
      factor_(settings.hash_balance_factor),
      shares_(std::make_shared<const Shares>()) {
  for (Server* server : servers) members_.push_back({server, 0});
}

void ConsistentHash::add(Server& server) {
  ring_.add(server);
  rotation_.add(server);
  members_.push_back({&server, 0});
}

void ConsistentHash::remove(Server& server) {
  ring_.remove(server);
  rotation_.remove(server);
  std::erase_if(members_, [&](const Member& member) { return member.server == &server; });
  publish_shares();
}

void ConsistentHash::set_weight(Server& server, int weight) {
  ring_.set_weight(server, weight);
  rotation_.set_weight(server, weight);
  for (Member& member : members_)
    if (member.server == &server) member.weight = static_cast<uint32_t>(weight);
  publish_shares();
}

void ConsistentHash::publish_shares() {
  if (factor_ == 0) return;
  auto shares = std::make_shared<Shares>();
  for (const Member& member : members_) {
    const size_t index = member.server->index();
    if (shares->of.size() <= index) shares->of.resize(index + 1);
    shares->of[index] = {member.weight, shares->total};
    shares->total += member.weight;
  }
  shares_.publish(std::move(shares));
}

bool ConsistentHash::below_share(const Shares& shares, const Server& server) const {
  const uint64_t total = shares.total;
  if (total == 0 || server.index() >= shares.of.size()) return true;
  const uint64_t slots = ((server.backend().served() + uint64_t{1}) * static_cast<uint64_t>(factor_) + 99) / 100;
  const uint64_t weight = shares.of[server.index()].weight, before = shares.of[server.index()].before;
  // The remainder of the division is dealt out along the list of servers, so that all slots are given away.
  const uint64_t rest = slots % total;
  const uint64_t own = weight * (slots / total) + (before + weight) * rest / total - before * rest / total;
  return server.current_sessions() < std::max<uint64_t>(own, 1);
}

Server* ConsistentHash::pick(const PickRequest& request) {
  const auto hash = hash_(request);
  if (!hash) return rotation_.pick(request);
  if (factor_ == 0) return ring_.nearest(*hash, [&](const Server& server) { return &server != request.avoid; });
  const Shares& shares = readers_.local().get(shares_);
  return ring_.nearest(*hash,
                       [&](const Server& server) { return &server != request.avoid && below_share(shares, server); });
}

}  // namespace ddbproxy::live
