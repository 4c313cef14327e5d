// A client of the runtime API without a socket, and a small configuration behind it.
#pragma once

#include <memory>
#include <string>

#include "admin/conversation.h"
#include "live/server_states.h"
#include "live/state.h"
#include "net/loop.h"
#include "stats/process_info.h"

namespace ddbproxy::admin {

/// Frontend "fe" (id 2), backend "be" (id 3) with the servers "one" and "two".
inline std::shared_ptr<const model::Model> small_model() {
  auto made = std::make_shared<model::Model>();
  auto& fe = *made->proxies.emplace_back(std::make_unique<model::Proxy>());
  fe.name = "fe";
  fe.id = 2;
  fe.frontend.emplace().maxconn = 100;
  auto& be = *made->proxies.emplace_back(std::make_unique<model::Proxy>());
  be.name = "be";
  be.id = 3;
  be.backend.emplace();
  be.backend->balance.text = "roundrobin";
  for (const char* name : {"one", "two"}) {
    model::Server server;
    server.name = name;
    server.id = static_cast<uint32_t>(be.backend->servers.size() + 1);
    server.address = Address::ipv4(0x7f000001, 9300);
    be.backend->servers.push_back(server);
  }
  return made;
}

/// Lives on the test's thread.
class Talk {
 public:
  /// With a loop of its own, or on one that others have used.
  explicit Talk(model::CliLevel level = model::CliLevel::admin, net::Loop* shared = nullptr,
                std::shared_ptr<const model::Model> model = small_model())
      : own_loop(shared ? nullptr : std::make_unique<net::Loop>()),
        loop(shared ? *shared : *own_loop),
        state(std::move(model)),
        states(state),
        info(state),
        runtime{loop, state, states, services, info, {}},
        conversation(runtime, Client{.granted = level, .level = level}, [this] { ++woken; }) {}

  /// What is answered to these bytes.
  std::string say(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
      const std::string_view now = bytes.substr(0, conversation.room());
      conversation.receive(now);
      bytes.remove_prefix(now.size());
      next = conversation.advance(out, 1 << 20);
      if (next == Conversation::Next::end) break;
    }
    return out;
  }

  std::unique_ptr<net::Loop> own_loop;
  net::Loop& loop;
  live::State state;
  live::ServerStates states;
  Services services;
  stats::ProcessInfo info;
  Runtime runtime;
  int woken = 0;
  Conversation conversation;
  Conversation::Next next = Conversation::Next::input;
};

}  // namespace ddbproxy::admin
