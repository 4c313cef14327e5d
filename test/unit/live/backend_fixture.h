// A backend made from a few lines, for tests: no parser, no sockets.
#pragma once

#include <arpa/inet.h>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "live/server_states.h"
#include "live/state.h"
#include "log/console.h"
#include "net/loop.h"

namespace ddbproxy::live::test {

/// A server line: name and weight, and whatever `change` sets.
struct Line {
  std::string name;
  int weight = 1;
  void (*change)(model::Server&) = nullptr;
};

inline std::unique_ptr<model::Proxy> make_proxy(std::string name, const std::vector<Line>& lines) {
  auto proxy = std::make_unique<model::Proxy>();
  proxy->name = std::move(name);
  proxy->backend.emplace();
  for (const Line& line : lines) {
    model::Server& server = proxy->backend->servers.emplace_back();
    server.name = line.name;
    server.weight = line.weight;
    server.id = static_cast<uint32_t>(proxy->backend->servers.size());
    if (line.change) line.change(server);
  }
  return proxy;
}

/// Collects syslog datagrams, so that tests see what a log server would.
class LogServer {
 public:
  LogServer() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    Address any = Address::ipv4(INADDR_LOOPBACK, 0);
    bind(fd_.get(), any.data(), any.size());
    sockaddr_storage bound{};
    socklen_t length = sizeof bound;
    getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&bound), &length);
    target_.address = Address::from_sockaddr(reinterpret_cast<sockaddr*>(&bound), length);
    target_.facility = 16;
  }
  const model::LogTarget& target() const { return target_; }
  /// What has arrived since the last call, as "<level> text"; loopback delivers before send() returns.
  std::vector<std::string> take() {
    std::vector<std::string> lines;
    char buffer[2048];
    for (ssize_t n; (n = recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) {
      std::string_view line(buffer, static_cast<size_t>(n));
      const int level = std::stoi(std::string(line.substr(1))) & 7;
      line.remove_prefix(line.find("]: ") + 3);
      while (line.ends_with('\n')) line.remove_suffix(1);
      lines.push_back(std::to_string(level) + " " + std::string(line));
    }
    return lines;
  }

 private:
  base::Fd fd_;
  model::LogTarget target_;
};

/// Nobody who waits, or somebody who keeps what is granted.
struct Client final : Waiter {
  void granted(Lease given) override {
    ++answers;
    lease = std::move(given);
  }
  int answers = 0;
  Lease lease;
  Place place;
};

/// A State with the given proxies, and everything that acts on it.
struct World {
  explicit World(std::vector<std::unique_ptr<model::Proxy>> proxies) : model(std::make_shared<model::Model>()) {
    for (auto& proxy : proxies) {
      proxy->log.targets.push_back(log.target());
      model->proxies.push_back(std::move(proxy));
    }
    log::silence_console(true);
    state = std::make_unique<State>(model);
    states = std::make_unique<ServerStates>(*state);
  }
  explicit World(std::unique_ptr<model::Proxy> proxy) : World(one(std::move(proxy))) {}

  static std::vector<std::unique_ptr<model::Proxy>> one(std::unique_ptr<model::Proxy> proxy) {
    std::vector<std::unique_ptr<model::Proxy>> proxies;
    proxies.push_back(std::move(proxy));
    return proxies;
  }

  Backend& backend() { return *state->backends()[0]; }
  Server& server(std::string_view name) { return *backend().find(name); }
  /// The names of the servers that `count` short sessions go to.
  std::string rotate(int count, const Server* avoid = nullptr) {
    std::string names;
    for (int i = 0; i < count; ++i) {
      Client client;
      const Assignment given = backend().assign({.client = nullptr, .avoid = avoid}, client, loop);
      names += given.lease ? given.lease.server()->name() : "-";
    }
    return names;
  }
  /// The server that a session from this address goes to.
  std::string from(std::string_view address) {
    Client client;
    const Address source = Address::parse_ip(address);
    const Assignment given = backend().assign({.client = &source, .avoid = nullptr}, client, loop);
    return given.lease ? given.lease.server()->name() : "-";
  }
  /// A session that stays, or waits.
  Assignment::Kind stay(Client& client, const Address* source = nullptr) {
    Assignment given = backend().assign({.client = source, .avoid = nullptr}, client, loop);
    client.lease = std::move(given.lease);
    client.place = std::move(given.place);
    return given.kind;
  }
  void run() { loop.run_once(base::Milliseconds(0)); }

  LogServer log;
  std::shared_ptr<model::Model> model;
  net::Loop loop;
  std::unique_ptr<State> state;
  std::unique_ptr<ServerStates> states;
};

}  // namespace ddbproxy::live::test
