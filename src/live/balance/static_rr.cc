#include "live/balance/static_rr.h"

#include "live/backend.h"

namespace ddbproxy::live {

Server* StaticRr::pick(const PickRequest& request) {
  const ServerMap::Table& table = map_.get();
  if (table.empty()) return nullptr;
  size_t seen = next_.load(std::memory_order_relaxed);
  for (;;) {
    const size_t first = seen < table.size() ? seen : 0;
    size_t place = first;
    size_t chosen = table.size();
    do {
      Server* server = table[place];
      if (!server->saturated()) {
        chosen = place;
        if (server != request.avoid) break;
      }
      place = place + 1 == table.size() ? 0 : place + 1;
    } while (place != first);
    if (chosen == table.size()) return nullptr;
    if (next_.compare_exchange_weak(seen, chosen + 1, std::memory_order_relaxed)) return table[chosen];
  }
}

}  // namespace ddbproxy::live
