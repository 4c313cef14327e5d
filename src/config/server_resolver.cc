#include "config/server_resolver.h"

#include <fmt/format.h>
#include <unordered_map>

#include "config/address_reader.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Server;

using Names = std::unordered_map<std::string_view, Server*>;

std::string introduction(const Proxy& proxy, const Server& server) {
  return fmt::format("[{}] : 'server {}/{}' : ", server.where.file_and_line(), proxy.name, server.name);
}

void report_duplicates(Context& context, Proxy& proxy) {
  Names names;
  for (Server& server : proxy.backend->servers) {
    const auto [first, added] = names.emplace(server.name, &server);
    if (added) continue;
    auto& diagnostic = context.diagnostics.add(
        Severity::alert, server.where,
        fmt::format("parsing [{}] : {} '{}', another server named '{}' was already defined at line {}, please use "
                    "distinct names.",
                    server.where.file_and_line(), proxy.kind(), proxy.name, server.name, first->second->where.line));
    diagnostic.notes = {{first->second->where, "first defined here"}};
  }
}

/// The server that `track` names, or null.
const Server* tracked(Context& context, const Proxy& proxy, const Server& server, std::string& error) {
  const size_t slash = server.track.find('/');
  const Proxy* home = &proxy;
  if (slash != std::string::npos) {
    home = context.find_backend(std::string_view(server.track).substr(0, slash));
    if (!home) {
      error = fmt::format("unable to find required proxy '{}' for tracking.", server.track.substr(0, slash));
      return nullptr;
    }
  }
  const std::string_view name = std::string_view(server.track).substr(slash == std::string::npos ? 0 : slash + 1);
  for (const Server& other : home->backend->servers)
    if (other.name == name) return &other;
  error = fmt::format("unable to find required server '{}' for tracking.", name);
  return nullptr;
}

/// The backend that `track` leads to.
const Proxy& home_of(Context& context, const Proxy& proxy, const Server& server) {
  const size_t slash = server.track.find('/');
  return slash == std::string::npos ? proxy : *context.find_backend(std::string_view(server.track).substr(0, slash));
}

/// Follows the chain of tracked servers: it must end at one that is checked.
std::string judge_tracking(Context& context, const Proxy& proxy, const Server& server) {
  const Server* at = &server;
  const Proxy* home = &proxy;
  std::string error;
  std::string first;
  uint32_t last_line = server.where.line;
  for (size_t steps = 0; !at->track.empty(); ++steps) {
    const Server* next = tracked(context, *home, *at, error);
    if (!next) return error;
    home = &home_of(context, *home, *at);
    if (first.empty()) first = home->name + "/" + next->name;
    last_line = std::max(last_line, next->where.line);
    if (next == &server || steps > 10'000)
      return server.where.line < last_line  // the loop is said once, at its last line
                 ? std::string()
                 : fmt::format("unable to track {} as it belongs to a tracking chain looping back to {}/{}.", first,
                               proxy.name, server.name);
    at = next;
  }
  if (!at->check.enabled)
    return fmt::format("unable to use {} for tracking as it does not have any check nor agent enabled.", first);
  return {};
}

enum class Lookup : uint8_t { found, later, failed };

Lookup look_up(const Context& context, Server& server) {
  const std::vector<std::string> usual{"last", "libc"};
  for (const std::string& method : server.init_addr.empty() ? usual : server.init_addr) {
    if (method == "none") return Lookup::later;
    if (method == "last") continue;  // the file of server states, which is not read yet
    server.address = method == "libc"
                         ? (context.options.resolve_names ? resolve_host(server.host, AF_UNSPEC) : Address())
                         : Address::parse_ip(method);
    if (!server.address.empty()) {
      server.address.set_port(server.port);
      return Lookup::found;
    }
  }
  return context.options.ignore_unresolved || !context.options.resolve_names ? Lookup::later : Lookup::failed;
}

}  // namespace

void resolve_servers(Context& context, Proxy& proxy) {
  report_duplicates(context, proxy);
  for (Server& server : proxy.backend->servers) {
    if (!server.check.port && !server.check.address.empty()) server.check.port = server.check.address.port();
    if (server.track.empty()) continue;
    const std::string error = judge_tracking(context, proxy, server);
    if (!error.empty()) context.diagnostics.add(Severity::alert, server.where, introduction(proxy, server) + error);
  }
}

void resolve_server_addresses(Context& context) {
  bool failed = false;
  for (const auto& proxy : context.model->proxies) {
    if (!proxy->backend) continue;
    for (Server& server : proxy->backend->servers) {
      if (server.host.empty()) continue;
      const Lookup result = look_up(context, server);
      failed |= result == Lookup::failed;
      const bool tried = !(server.init_addr.size() == 1 && server.init_addr[0] == "none");
      if (result == Lookup::failed)
        context.diagnostics.add(
            Severity::alert, server.where,
            introduction(*proxy, server) + fmt::format("could not resolve address '{}'.", server.host));
      else if (result == Lookup::later && tried && context.options.resolve_names)
        context.diagnostics.add(Severity::warning, server.where,
                                introduction(*proxy, server) +
                                    fmt::format("could not resolve address '{}', disabling server.", server.host));
    }
  }
  if (failed) context.diagnostics.add(Severity::alert, {}, "Failed to initialize server(s) addr.");
}

}  // namespace ddbproxy::config
