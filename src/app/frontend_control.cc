#include "app/frontend_control.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>

#include "app/port_holder.h"
#include "log/console.h"
#include "net/listener.h"
#include "stream/doorkeeper.h"

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

std::string stopped(const std::string& name, const live::Frontend* frontend, const live::Backend* backend) {
  return proxy_stopped(name, frontend ? frontend->counters.sum(&live::FrontendCounters::conn_tot) : 0,
                       backend ? backend->counters.sum(&live::BackendCounters::stot) : 0);
}

}  // namespace

std::vector<model::Bind::Listener> repeated(const model::Bind& bind, int threads) {
  std::vector<model::Bind::Listener> all;
  const int most = std::popcount(stream::threads_of(bind, static_cast<size_t>(threads)));
  const int shards = bind.shards ? std::min(bind.shards, most) : most;
  for (const model::Bind::Listener& listener : bind.listeners) {
    const bool shares = listener.inherited_fd < 0 && !listener.address.is_unix();
    all.insert(all.end(), static_cast<size_t>(shares ? shards : 1), listener);
  }
  return all;
}

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

std::vector<std::string> FrontendControl::open_each(live::Generation& generation, bool reuse_port, const OpenAs& open) {
  std::vector<std::string> errors;
  for (live::FrontendConfig& frontend : generation.frontend_configs()) {
    net::ListenOptions options = net::listen_options(generation.global(), frontend.settings());
    options.reuse_port = options.reuse_port && reuse_port;
    for (const model::Bind& bind : frontend.settings().binds) {
      for (const auto& place : repeated(bind, static_cast<int>(workers_.size()))) {
        live::Listener opened;
        opened.bind = &bind;
        opened.place = net::socket_place(bind, place);
        opened.id = place.id;
        opened.name = bind.name.empty() ? std::to_string(place.id) : bind.name;
        opened.backlog = net::backlog_of(bind, options);
        if (frontend.settings().socket_stats)
          opened.counters = std::make_shared<base::Sharded<live::ListenerCounters>>();
        if (const base::Status done = open(opened, frontend, place, options); done)
          frontend.listeners.push_back(std::move(opened));
        else
          errors.push_back(
              binding_failed(bind, place.address, frontend.proxy.kind(), frontend.proxy.name, done.error()));
      }
    }
  }
  return errors;
}

namespace {

base::Status open_new(live::Listener& listener, const model::Bind::Listener& place, const net::ListenOptions& options,
                      const FrontendControl::Open& open) {
  auto fd = open(*listener.bind, place, options);
  if (!fd) return fd.error();
  listener.fd = std::move(*fd);
  listener.address = net::local_address(listener.fd.get());
  return base::ok();
}

/// `listener` listens on the socket of `before`.
base::Status share(live::Listener& listener, live::Listener& before, const net::ListenOptions& options,
                   const net::ListenOptions& options_before) {
  listener.fd.reset(fcntl(before.fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!listener.fd) return base::Error::from_errno(errno);
  listener.address = before.address;
  listener.active = before.active;
  if (listener.counters && before.counters) listener.counters = before.counters;
  if (net::set_the_same(*listener.bind, options, *before.bind, options_before)) return base::ok();
  return net::renew_listener(listener.fd.get(), listener.address, *listener.bind, options);
}

}  // namespace

std::vector<std::string> FrontendControl::open_all(live::Generation& generation, bool reuse_port, const Open& open) {
  return open_each(generation, reuse_port, [&](auto& listener, const auto&, const auto& place, const auto& options) {
    return open_new(listener, place, options, open);
  });
}

std::vector<std::string> FrontendControl::open_next(live::Generation& next, bool reuse_port, const Open& open) {
  struct Known {
    live::Listener* listener;
    const live::FrontendConfig* frontend;
  };
  std::unordered_multimap<std::string_view, Known> known;
  for (const auto& frontend : state_.frontends())
    for (live::Listener& listener : frontend->listeners())
      if (listener.fd) known.emplace(listener.place, Known{&listener, &frontend->current()});
  std::vector<std::string> errors =
      open_each(next, reuse_port, [&](auto& listener, const auto& frontend, const auto& place, const auto& options) {
        const auto found = known.find(listener.place);
        if (found == known.end()) return open_new(listener, place, options, open);
        const Known before = found->second;
        known.erase(found);
        before.listener->goes_on = !frontend.proxy.disabled;
        const live::FrontendConfig& of_before = *before.frontend;
        return share(listener, *before.listener, options,
                     net::listen_options(of_before.generation.global(), of_before.settings()));
      });
  if (!errors.empty())
    for (const auto& frontend : state_.frontends())
      for (live::Listener& listener : frontend->listeners()) listener.goes_on = false;
  return errors;
}

void FrontendControl::change_over(live::Generation& before) {
  std::unordered_set<const live::Frontend*> kept;
  for (const auto& frontend : state_.frontends()) {
    kept.insert(frontend.get());
    const bool disabled = frontend->config().disabled;
    if (frontend->state() == live::FrontendState::stopped && !disabled)
      frontend->set_state(live::FrontendState::open);
    else if (disabled)
      frontend->set_state(live::FrontendState::stopped);
    if (frontend->state() == live::FrontendState::paused)
      for (live::Listener& listener : frontend->listeners()) net::suspend_listening(listener.fd.get());
  }
  start_all();
  std::vector<live::FrontendConfig*> all;
  for (live::FrontendConfig& config : before.frontend_configs()) all.push_back(&config);
  workers_.unlisten(all);
  for (live::FrontendConfig* config : all) {
    for (live::Listener& listener : config->listeners) listener.fd.reset();
    live::Frontend& frontend = config->frontend;
    if (kept.contains(&frontend) || frontend.state() == live::FrontendState::stopped) continue;
    frontend.set_state(live::FrontendState::stopped);
    live::Backend* backend = before.backend_of(config->proxy);
    say(config->logger, stopped(frontend.name(), &frontend, backend));
  }
}

void FrontendControl::start_all() {
  for (const auto& frontend : state_.frontends())
    if (accepts(*frontend)) workers_.listen(frontend->current());
}

bool FrontendControl::pause(live::Frontend& frontend) {
  if (!accepts(frontend)) return false;
  workers_.unlisten(frontend.current());
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
  workers_.listen(frontend.current());
  say(frontend.logger(), fmt::format("Resumed {} {}.", frontend.config().kind(), frontend.name()));
  return true;
}

bool FrontendControl::stop(live::Frontend& frontend) {
  if (frontend.state() == live::FrontendState::stopped) return false;
  workers_.unlisten(frontend.current());
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
  std::vector<live::FrontendConfig*> all;
  for (const auto& frontend : state_.frontends()) all.push_back(&frontend->current());
  workers_.unlisten(all);
  for (live::FrontendConfig* frontend : all)
    for (live::Listener& listener : frontend->listeners) listener.fd.reset();
}

void FrontendControl::pause_all() {
  for (const auto& frontend : state_.frontends()) pause(*frontend);
}

void FrontendControl::resume_all() {
  for (const auto& frontend : state_.frontends()) resume(*frontend);
}

void FrontendControl::stop_all() {
  std::vector<live::FrontendConfig*> open;
  for (const auto& frontend : state_.frontends())
    if (frontend->state() != live::FrontendState::stopped) open.push_back(&frontend->current());
  workers_.unlisten(open);
  for (live::FrontendConfig* frontend : open) close(frontend->frontend);
  for (const auto& backend : state_.backends()) backend->stop();
}

void FrontendControl::say_backends_stopped() {
  for (const auto& backend : state_.backends())
    if (!state_.frontend_of(backend->config()))
      say(backend->logger(), stopped(backend->name(), nullptr, backend.get()));
}

}  // namespace ddbproxy::app
