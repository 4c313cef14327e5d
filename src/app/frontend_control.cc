#include "app/frontend_control.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

#include "app/port_holder.h"
#include "app/takeover.h"
#include "log/console.h"
#include "net/listener.h"

namespace ddbproxy::app {
namespace {

void say(log::Logger& logger, const std::string& text) {
  log::console(log::ConsoleLevel::warning, text);
  logger.write(log::warning, text);
}

/// Open, though perhaps full.
bool accepts(const live::Frontend& frontend) {
  return frontend.state() == live::FrontendState::open || frontend.state() == live::FrontendState::full;
}

/// Whoever handed the socket over may use it too, so it is left listening and only not accepted from.
bool inherited(const live::Listener& listener) {
  for (const model::Bind::Listener& configured : listener.bind->listeners)
    if (configured.inherited_fd >= 0) return true;
  return false;
}

/// What a bind line listens on: each address as often as its shards say, where several sockets may share it.
std::vector<model::Bind::Listener> repeated(const model::Bind& bind, int threads) {
  std::vector<model::Bind::Listener> all;
  const int shards = bind.shards ? std::min(bind.shards, threads) : threads;
  for (const model::Bind::Listener& listener : bind.listeners) {
    const bool shares = listener.inherited_fd < 0 && !listener.address.is_unix();
    all.insert(all.end(), static_cast<size_t>(shares ? shards : 1), listener);
  }
  return all;
}

std::string stopped(const std::string& name, const live::Frontend* frontend, const live::Backend* backend) {
  return proxy_stopped(name, frontend ? frontend->counters.sum(&live::FrontendCounters::conn_tot) : 0,
                       backend ? backend->counters.sum(&live::BackendCounters::stot) : 0);
}

}  // namespace

std::string proxy_stopped(std::string_view name, uint64_t frontend_connections, uint64_t backend_sessions) {
  return fmt::format("Proxy {} stopped (cumulated conns: FE: {}, BE: {}).", name, frontend_connections,
                     backend_sessions);
}

std::string binding_failed(const model::Bind& bind, const Address& address, std::string_view kind,
                           std::string_view name, const base::Error& why) {
  const std::string holder = why.code == EADDRINUSE ? port_holder(address) : "";
  return fmt::format("Binding [{}] for {} {}: {}{}", bind.where.file_and_line(), kind, name, why.text,
                     holder.empty() ? "" : fmt::format(" ({})", holder));
}

int FrontendControl::backlog_of(const live::Frontend& frontend) const {
  const uint32_t backlog = frontend.settings().backlog ? frontend.settings().backlog : frontend.maxconn();
  return static_cast<int>(backlog);
}

bool FrontendControl::open_all(bool reuse_port, Takeover& takeover) {
  bool all = true;
  for (const auto& frontend : state_.frontends()) {
    net::ListenOptions options = net::listen_options(state_.model().global, frontend->settings());
    options.backlog = backlog_of(*frontend);
    options.reuse_port = options.reuse_port && reuse_port;
    for (const model::Bind& bind : frontend->settings().binds) {
      for (const auto& listener : repeated(bind, static_cast<int>(workers_.size()))) {
        auto fd = takeover.open(bind, listener, options);
        if (!fd) {
          log::console(log::ConsoleLevel::alert,
                       binding_failed(bind, listener.address, frontend->config().kind(), frontend->name(), fd.error()));
          all = false;
          continue;
        }
        live::Listener opened;
        opened.bind = &bind;
        opened.id = listener.id;
        opened.name = bind.name.empty() ? std::to_string(listener.id) : bind.name;
        opened.address = net::local_address(fd->get());
        opened.backlog = net::backlog_of(bind, options);
        opened.fd = std::move(*fd);
        if (frontend->settings().socket_stats)
          opened.counters = std::make_shared<base::Sharded<live::ListenerCounters>>();
        frontend->listeners().push_back(std::move(opened));
      }
    }
  }
  return all;
}

void FrontendControl::start_all() {
  for (const auto& frontend : state_.frontends())
    if (accepts(*frontend)) workers_.listen(*frontend);
}

bool FrontendControl::pause(live::Frontend& frontend) {
  if (!accepts(frontend)) return false;
  workers_.unlisten(frontend);
  for (live::Listener& listener : frontend.listeners())
    if (!inherited(listener)) net::suspend_listening(listener.fd.get());
  frontend.set_state(live::FrontendState::paused);
  say(frontend.logger(), fmt::format("Paused {} {}.", frontend.config().kind(), frontend.name()));
  return true;
}

bool FrontendControl::resume(live::Frontend& frontend) {
  if (frontend.state() != live::FrontendState::paused) return false;
  for (live::Listener& listener : frontend.listeners()) {
    if (!inherited(listener)) net::resume_listening(listener.fd.get(), listener.backlog);
  }
  frontend.set_state(live::FrontendState::open);
  workers_.listen(frontend);
  say(frontend.logger(), fmt::format("Resumed {} {}.", frontend.config().kind(), frontend.name()));
  return true;
}

bool FrontendControl::stop(live::Frontend& frontend) {
  if (frontend.state() == live::FrontendState::stopped) return false;
  workers_.unlisten(frontend);
  close(frontend);
  return true;
}

void FrontendControl::close(live::Frontend& frontend) {
  for (live::Listener& listener : frontend.listeners()) listener.fd.reset();
  frontend.set_state(live::FrontendState::stopped);
  live::Backend* backend = state_.backend_of(frontend.config());
  if (backend) backend->stop();
  say(frontend.logger(), stopped(frontend.name(), &frontend, backend));
}

void FrontendControl::close_all() {
  std::vector<live::Frontend*> all;
  for (const auto& frontend : state_.frontends()) all.push_back(frontend.get());
  workers_.unlisten(all);
  for (live::Frontend* frontend : all)
    for (live::Listener& listener : frontend->listeners()) listener.fd.reset();
}

void FrontendControl::pause_all() {
  for (const auto& frontend : state_.frontends()) pause(*frontend);
}

void FrontendControl::resume_all() {
  for (const auto& frontend : state_.frontends()) resume(*frontend);
}

void FrontendControl::stop_all() {
  std::vector<live::Frontend*> open;
  for (const auto& frontend : state_.frontends())
    if (frontend->state() != live::FrontendState::stopped) open.push_back(frontend.get());
  workers_.unlisten(open);
  for (live::Frontend* frontend : open) close(*frontend);
  for (const auto& backend : state_.backends()) backend->stop();
}

void FrontendControl::say_backends_stopped() {
  for (const auto& backend : state_.backends())
    if (!state_.frontend_of(backend->config()))
      say(backend->logger(), stopped(backend->name(), nullptr, backend.get()));
}

}  // namespace ddbproxy::app
