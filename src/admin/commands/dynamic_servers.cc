// The commands that add and delete servers.
#include "live/dynamic_servers.h"

#include <fmt/format.h>
#include <optional>

#include "admin/runs.h"
#include "config/added_server.h"
#include "config/validate.h"
#include "live/state.h"
#include "log/console.h"

namespace ddbproxy::admin {
namespace {

using live::Backend;
using live::Server;

/// "backend/server", cut at the first slash; empty when either is.
struct Place {
  std::string_view backend, server;
};

std::optional<Place> split_place(std::string_view both) {
  const size_t slash = both.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == both.size()) return {};
  return Place{both.substr(0, slash), both.substr(slash + 1)};
}

constexpr const char* no_place = "Require 'backend/server'.";
constexpr const char* no_backend = "No such backend.";

bool may_grow(const Backend& backend) { return !backend.config().disabled && backend.weights_can_change(); }

/// Tells the console what the client is told, as haproxy does, with the name of the server in front.
void announce(log::ConsoleLevel level, const std::string& title, std::string_view text) {
  log::console(level, fmt::format("CLI : {}{}", title, text));
}

Answer refuse(const std::string& title, const std::string& text) {
  announce(log::ConsoleLevel::alert, title, text);
  return Answer::error(text + "\n");
}

/// Whom a new server of `home` tracks, or why it cannot.
struct Tracking {
  Server* tracked = nullptr;
  std::string error;
};

Tracking find_tracked(const live::State& state, const Backend& home, std::string_view track) {
  const size_t slash = track.find('/');
  const Backend* backend = slash == std::string_view::npos ? &home : state.find_backend(track.substr(0, slash));
  if (!backend)
    return {nullptr, fmt::format("unable to find required proxy '{}' for tracking.", track.substr(0, slash))};
  const std::string_view name = track.substr(slash == std::string_view::npos ? 0 : slash + 1);
  Server* server = name.starts_with('#') ? nullptr : backend->find(name);
  if (!server) return {nullptr, fmt::format("unable to find required server '{}' for tracking.", name)};
  const std::string place = fmt::format("{}/{}", backend->name(), server->name());
  if (server->added()) return {nullptr, fmt::format("unable to use {} for tracking as it is a dynamic server.", place)};
  const Server& last = server->checked_one();
  if (!last.checked() && !last.has_agent())
    return {nullptr,
            fmt::format("unable to use {} for tracking as it does not have any check nor agent enabled.", place)};
  return {server, {}};
}

}  // namespace

Answer run_add_server(Call& call) {
  const auto place = split_place(call.word(2));
  if (!place) return Answer::error(no_place);
  live::State& state = call.runtime.state;
  Backend* backend = state.find_backend(place->backend);
  if (!backend) return Answer::error(no_backend);
  if (!may_grow(*backend))
    return Answer::error("Backend must use a dynamic load balancing to support dynamic servers.");
  if (backend->config().mode == model::Mode::http)
    return Answer::error("Servers of a backend in mode http are not supported by ddbproxy yet.");

  std::vector<std::string> words{std::string(place->server)};
  for (size_t i = 3; call.has(i); ++i) words.push_back(call.word(i));
  config::AddedServer added = config::read_added_server(backend->config(), words,
                                                        call.runtime.state.model().environment, [backend](uint32_t id) {
                                                          const Server* owner = backend->find_id(id);
                                                          return owner ? &owner->config() : nullptr;
                                                        });
  if (!added.server) return refuse(added.title, added.error);
  for (const Diagnostic& warning : added.diagnostics.all()) announce(log::ConsoleLevel::warning, "", warning.text);

  Tracking tracking;
  if (!added.server->track.empty()) tracking = find_tracked(state, *backend, added.server->track);
  if (!tracking.error.empty()) return refuse(added.title, tracking.error);
  const std::string portless = config::judge_check_port(backend->config(), *added.server);
  if (!portless.empty()) return refuse(added.title, portless);
  if (backend->find(added.server->name))
    return refuse(added.title, "Already exists a server with the same name in backend.");

  call.runtime.services.servers->add(*backend, std::move(added.server), tracking.tracked);
  constexpr const char* done = "New server registered.";
  announce(log::ConsoleLevel::notice, added.title, done);
  return Answer::info(fmt::format("{}\n", done));
}

Answer run_del_server(Call& call) {
  const auto place = split_place(call.word(2));
  if (!place) return Answer::error(no_place);
  const Backend* backend = call.runtime.state.find_backend(place->backend);
  if (!backend) return Answer::error(no_backend);
  Server* server = backend->find(place->server);
  if (!server) return Answer::error("No such server.");
  const std::string_view why_not = live::DynamicServers::why_not_removable(*server);
  if (!why_not.empty()) return Answer::error(std::string(why_not));
  call.runtime.services.servers->remove(*server, call.runtime.state.generation().shared_from_this());
  constexpr const char* done = "Server deleted.";
  announce(log::ConsoleLevel::notice, "", done);
  return Answer::info(done);
}

}  // namespace ddbproxy::admin
