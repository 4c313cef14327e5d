#include "live/balance/random.h"

#include "base/random.h"
#include "live/backend.h"

namespace ddbproxy::live {

Server* Random::pick(const PickRequest& request) {
  std::minstd_rand& generator = base::random_generator();
  const auto load = [](const Server& server, const Server& other) {
    return uint64_t{server.current_sessions()} * static_cast<uint64_t>(other.effective_weight());
  };
  Server* best = nullptr;
  for (int draw = 0; draw < draws_; ++draw) {
    const auto hash = static_cast<uint32_t>(uint64_t{generator()} << 1 | (generator() & 1));
    Server* drawn = ring_.nearest(hash, [&](const Server& server) { return &server != request.avoid; });
    if (!drawn) return nullptr;
    if (!best || load(*drawn, *best) <= load(*best, *drawn)) best = drawn;
  }
  return best && best->saturated() ? nullptr : best;
}

}  // namespace ddbproxy::live
