#include "live/balance/first.h"

#include <algorithm>

#include "live/backend.h"

namespace ddbproxy::live {

First::First(std::span<Server* const> servers) : by_id_(servers.begin(), servers.end()) {
  std::stable_sort(by_id_.begin(), by_id_.end(), [](const Server* a, const Server* b) { return a->id() < b->id(); });
}

Server* First::pick(const PickRequest& request) {
  Server* avoided = nullptr;
  for (Server* server : by_id_) {
    if (!server->eligible() || server->saturated()) continue;
    if (server != request.avoid) return server;
    avoided = server;
  }
  return avoided;
}

}  // namespace ddbproxy::live
