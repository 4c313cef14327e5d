// Servers: their state, weight, health and address.
#include <fmt/format.h>

#include "admin/runs.h"
#include "admin/targets.h"
#include "base/text.h"
#include "live/backend.h"
#include "live/names/server_names.h"
#include "live/server_orders.h"
#include "live/server_states.h"
#include "live/state.h"

namespace ddbproxy::admin {
namespace {

using live::Cause;
using live::Server;

Answer set_weight(Call& call, Server& server, const std::string& text) {
  live::WeightOrder order = live::read_weight(text, server.initial_weight(), !server.backend().weights_can_change());
  if (!order.error.empty()) return Answer::error(std::move(order.error));
  call.runtime.states.set_weight(server, order.weight);
  return Answer::done();
}

Answer set_state(Call& call, Server& server) {
  live::ServerStates& states = call.runtime.states;
  if (call.word(4) == "ready")
    states.set_ready(server, Cause::runtime_api);
  else if (call.word(4) == "drain")
    states.set_drain(server, Cause::runtime_api);
  else if (call.word(4) == "maint")
    states.set_maintenance(server, Cause::runtime_api);
  else
    return Answer::error("'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n");
  return Answer::done();
}

Answer set_health(Call& call, Server& server) {
  live::ServerStates& states = call.runtime.states;
  if (!server.config().track.empty()) return Answer::error("cannot change health on a tracking server.\n");
  if (call.word(4) == "up")
    states.force_up(server, Cause::runtime_api);
  else if (call.word(4) == "stopping")
    states.force_stopping(server, Cause::runtime_api);
  else if (call.word(4) == "down")
    states.force_down(server, Cause::runtime_api);
  else
    return Answer::error("'set server <srv> health' expects 'up', 'stopping', or 'down'.\n");
  return Answer::done();
}

Answer set_weight_word(Call& call, Server& server) { return set_weight(call, server, call.word(4)); }

Answer set_address(Call& call, Server& server) {
  if (call.word(4).empty())
    return Answer::error("set server <b>/<s> addr requires an address and optionally a port.\n");
  Address wanted = Address::parse_ip(call.word(4));
  std::string text;
  if (wanted.empty()) {
    text = fmt::format("Invalid addr '{}'", call.word(4));
  } else if (!server.address().is_ip() && !server.address().empty()) {
    text = "Update for the current server address family is only supported through configuration file";
  } else {
    const Address before = server.address();
    wanted.set_port(server.port());
    text = before.host() == wanted.host() ? "no need to change the addr"
                                          : fmt::format("IP changed from '{}' to '{}'", before.host(), wanted.host());
    if (call.word(5) == "port") {
      const std::string& port = call.word(6);
      if (port.starts_with('+') || port.starts_with('-')) {
        text += ", port mapping is not supported by ddbproxy yet";
      } else if (port.find_first_of("0123456789") == std::string::npos) {
        text += fmt::format(", problem converting port '{}' to an int", port);
      } else {
        wanted.set_port(static_cast<uint16_t>(leading_number(port)));
        text += wanted.port() == before.port()
                    ? std::string(", no need to change the port")
                    : fmt::format(", port changed from '{}' to '{}'", before.port(), wanted.port());
      }
    }
    if (!(wanted == before)) server.set_address(wanted);
    call.runtime.states.located(server);
  }
  return Answer::warning(text + " by 'stats socket command'\n");
}

/// Reads the words of `set server check-addr|agent-addr <address> [port <port>]`; the message when they are wrong.
std::string read_place(Call& call, Server::CheckPlace& place) {
  const std::string error = live::read_check_address(call.word(4), place);
  if (!error.empty() || call.word(5) != "port") return error;
  return live::read_check_port(call.word(6), place);
}

Answer set_check_address(Call& call, Server& server) {
  if (call.word(4).empty())
    return Answer::error("set server <b>/<s> check-addr requires an address and optionally a port.\n");
  if (!server.checks_enabled()) return Answer::error("health checks are not enabled on this server");
  Server::CheckPlace place = server.check_place();
  if (std::string error = read_place(call, place); !error.empty()) return Answer::error(error);
  server.set_check_place(place);
  return Answer::done();
}

Answer set_check_port(Call& call, Server& server) {
  if (call.word(4).empty()) return Answer::error("set server <b>/<s> check-port requires a port.\n");
  if (!server.checks_enabled()) return Answer::error("health checks are not enabled on this server");
  Server::CheckPlace place = server.check_place();
  if (std::string error = live::read_check_port(call.word(4), place); !error.empty()) return Answer::error(error);
  server.set_check_place(place);
  return Answer::done();
}

constexpr const char* no_agent = "agent checks are not enabled on this server";

Answer set_agent(Call& call, Server& server) {
  live::ServerStates& states = call.runtime.states;
  if (!server.agent_enabled()) return Answer::error(fmt::format("{}.\n", no_agent));
  if (call.word(4) == "up")
    states.force_agent_up(server, Cause::runtime_api);
  else if (call.word(4) == "down")
    states.force_agent_down(server, Cause::runtime_api);
  else
    return Answer::error("'set server <srv> agent' expects 'up' or 'down'.\n");
  return Answer::done();
}

Answer set_agent_address(Call& call, Server& server) {
  if (call.word(4).empty())
    return Answer::error("set server <b>/<s> agent-addr requires an address and optionally a port.\n");
  if (!server.agent_enabled()) return Answer::error(no_agent);
  Server::CheckPlace place = server.agent_place();
  if (std::string error = read_place(call, place); !error.empty()) return Answer::error(error);
  server.set_agent_place(place);
  return Answer::done();
}

Answer set_agent_port(Call& call, Server& server) {
  if (call.word(4).empty()) return Answer::error("set server <b>/<s> agent-port requires a port.\n");
  if (!server.agent_enabled()) return Answer::error(no_agent);
  Server::CheckPlace place = server.agent_place();
  if (std::string error = live::read_check_port(call.word(4), place); !error.empty()) return Answer::error(error);
  server.set_agent_place(place);
  return Answer::done();
}

Answer set_agent_send(Call& call, Server& server) {
  if (!server.agent_enabled()) return Answer::error(fmt::format("{}.\n", no_agent));
  server.set_agent_send(call.word(4));
  return Answer::done();
}

Answer set_name(Call& call, Server& server) {
  constexpr size_t longest_name = 255;
  const std::string& name = call.word(4);
  if (name.empty()) return Answer::error("set server <b>/<s> fqdn requires a FQDN.\n");
  const model::NameResolution& resolution = server.config().resolution;
  if (!resolution.service.empty())
    return Answer::error("set server <b>/<s> fqdn failed because SRV resolution is configured.\n");
  if (resolution.section < 0 || !call.runtime.services.names)
    return Answer::error("set server <b>/<s> fqdn failed because no resolution is configured.\n");
  constexpr std::string_view by = "by 'stats socket command'\n";
  if (name.size() > longest_name) return Answer::warning(fmt::format("invalid fqdn '{}' {}", name, by));
  const std::string place = server.backend().name() + "/" + server.name();
  const std::string before = server.host().empty() ? "(null)" : server.host();
  if (live::same_name(before, name)) return Answer::warning(fmt::format("no need to change the FDQN {}", by));
  if (!call.runtime.services.names->follow(server, name))
    return Answer::warning(fmt::format("could not update {} FQDN {}", place, by));
  return Answer::warning(fmt::format("{} changed its FQDN from {} to {} {}", place, before, name, by));
}
Answer refuse_ssl(Call&, Server&) {
  return Answer::error("'set server <srv> ssl' cannot be set.  default-server should define ssl settings\n");
}

/// What of a server can be set, in the order of haproxy's usage text. TLS is refused in the words of a haproxy whose
/// configuration has none.
struct Setting {
  std::string_view word;
  Answer (*set)(Call& call, Server& server);
};
constexpr Setting settings[] = {
    {"addr", set_address},
    {"agent", set_agent},
    {"agent-addr", set_agent_address},
    {"agent-port", set_agent_port},
    {"agent-send", set_agent_send},
    {"check-addr", set_check_address},
    {"check-port", set_check_port},
    {"fqdn", set_name},
    {"health", set_health},
    {"ssl", refuse_ssl},
    {"state", set_state},
    {"weight", set_weight_word},
};

}  // namespace

Answer run_set_server(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  for (const Setting& setting : settings)
    if (setting.word == call.word(3)) return setting.set(call, *server);
  std::string usage = "usage: set server <backend>/<server> ";
  for (const Setting& setting : settings) {
    if (&setting != settings) usage += " | ";
    usage += setting.word;
  }
  return Answer::error(usage + "\n");
}

Answer run_enable_server(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  call.runtime.states.set_ready(*server, Cause::runtime_api);
  return Answer::done();
}

Answer run_disable_server(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  call.runtime.states.set_maintenance(*server, Cause::runtime_api);
  return Answer::done();
}

Answer run_enable_health(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  if (!server->checked()) return Answer::error("Health check was not configured on this server, cannot enable.\n");
  call.runtime.states.set_health_checks(*server, true);
  return Answer::done();
}

Answer run_disable_health(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  if (server->checked()) call.runtime.states.set_health_checks(*server, false);
  return Answer::done();
}

Answer run_enable_agent(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  if (!server->has_agent()) return Answer::error("Agent was not configured on this server, cannot enable.\n");
  call.runtime.states.set_agent_checks(*server, true);
  return Answer::done();
}

Answer run_disable_agent(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  call.runtime.states.set_agent_checks(*server, false);
  return Answer::done();
}

Answer run_set_weight(Call& call) {
  auto server = find_changeable_server(call, 2);
  if (!server) return server.error;
  return set_weight(call, *server, call.word(3));
}

Answer run_get_weight(Call& call) {
  auto server = find_server(call, 2);
  if (!server) return server.error;
  return Answer::document(fmt::format("{} (initial {})\n", server->user_weight(), server->initial_weight()));
}

Answer run_set_maxconn_server(Call& call) {
  auto server = find_changeable_server(call, 3);
  if (!server) return server.error;
  live::MaxconnOrder order = live::read_maxconn(call.word(4));
  if (!order.error.empty()) return Answer::error(std::move(order.error));
  call.runtime.states.set_maxconn(*server, order.maxconn);
  return Answer::done();
}

}  // namespace ddbproxy::admin
