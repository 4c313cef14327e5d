#include "app/master/master_cli.h"

#include <ctime>
#include <fmt/format.h>
#include <sys/socket.h>

#include "admin/socket_server.h"
#include "log/console.h"

namespace ddbproxy::app {
namespace {

constexpr size_t most_sessions = 10;

/// What commands look at that ask for nothing of a worker.
std::shared_ptr<const model::Model> without_proxies() {
  auto model = std::make_shared<model::Model>();
  model->environment = Environment::of_process();
  return model;
}

}  // namespace

std::optional<std::vector<MasterSocket>> open_master_sockets(const std::vector<model::Bind>& binds,
                                                             std::vector<base::Fd> inherited) {
  std::vector<net::PassedSocket> passed;
  for (base::Fd& fd : inherited) passed.push_back({std::move(fd), {}});
  net::InheritedSockets of_before;
  of_before.add(std::move(passed));
  std::vector<MasterSocket> sockets;
  bool all = true;
  for (const model::Bind& bind : binds)
    for (const auto& place : bind.listeners) {
      auto fd = net::open_listener(bind, place, {.backlog = admin::usual_backlog, .inherited = &of_before});
      if (fd) {
        sockets.push_back({std::move(*fd), bind.level});
        continue;
      }
      all = false;
      log::console(log::ConsoleLevel::alert,
                   fmt::format("Binding [master-socket:0] for proxy MASTER: {}", fd.error().text));
    }
  if (!all) return std::nullopt;
  return sockets;
}

MasterCli::MasterCli(net::Loop& loop, const Children& children, std::vector<MasterSocket> sockets)
    : loop_(loop), children_(children), state_(without_proxies()), states_(state_), info_(state_), runtime_{loop,
                                                                                                            state_,
                                                                                                            states_,
                                                                                                            services_,
                                                                                                            info_,
                                                                                                            {},
                                                                                                            {}} {
  master_services_.show_processes = [this] { return children_.show(std::time(nullptr)); };
  services_.master = &master_services_;
  burial_.bind<&MasterCli::bury>(loop_, *this);
  for (MasterSocket& socket : sockets) {
    auto& listener = *listeners_.emplace_back(std::make_unique<Listener>());
    listener.cli = this;
    listener.level = socket.level;
    listener.fd = std::move(socket.fd);
  }
}

MasterCli::~MasterCli() {
  bury();
  while (CliSession* session = sessions_.front()) delete session;
}

void MasterCli::answer_with(std::function<void(std::function<void(std::string)> done)> reload) {
  master_services_.reload = std::move(reload);
}

void MasterCli::start() {
  started_ = true;
  watch();
}

void MasterCli::watch() {
  if (!started_) return;
  for (auto& listener : listeners_)
    listener->event.watch<&Listener::readable>(loop_, listener->fd.get(), EV_READ | EV_PERSIST, *listener);
}

std::vector<int> MasterCli::descriptors() const {
  std::vector<int> fds;
  for (const auto& listener : listeners_) fds.push_back(listener->fd.get());
  return fds;
}

void MasterCli::accept(Listener& listener) {
  base::Fd client(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!client) return;
  sessions_.push_back(*new CliSession(*this, std::move(client), listener.level));
  if (++count_ < most_sessions) return;
  for (auto& each : listeners_) each->event.remove();
}

void MasterCli::retire(CliSession& session) {
  --count_;
  retired_.push_back(session);
  burial_.arm(base::Milliseconds(0));
}

void MasterCli::bury() {
  while (CliSession* session = retired_.front()) delete session;
  if (count_ < most_sessions) watch();
}

}  // namespace ddbproxy::app
