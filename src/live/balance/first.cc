#include "live/balance/first.h"

#include <algorithm>

#include "live/backend.h"

namespace ddbproxy::live {

First::First(std::span<Server* const> servers) : by_id_(nullptr) { publish({servers.begin(), servers.end()}); }

void First::publish(Order servers) {
  std::stable_sort(servers.begin(), servers.end(), [](const Server* a, const Server* b) { return a->id() < b->id(); });
  by_id_.publish(std::make_shared<const Order>(std::move(servers)));
}

void First::add(Server& server) {
  Order servers = *by_id_.get();
  servers.push_back(&server);
  publish(std::move(servers));
}

void First::remove(Server& server) {
  Order servers = *by_id_.get();
  std::erase(servers, &server);
  publish(std::move(servers));
}

Server* First::pick(const PickRequest& request) {
  Server* avoided = nullptr;
  for (Server* server : readers_.local().get(by_id_)) {
    if (!server->eligible() || server->saturated()) continue;
    if (server != request.avoid) return server;
    avoided = server;
  }
  return avoided;
}

}  // namespace ddbproxy::live
