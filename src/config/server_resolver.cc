#include "config/server_resolver.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "config/address_reader.h"
#include "config/resolv_conf.h"
#include "config/server_reader.h"
#include "config/suggest.h"

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

void find_resolvers(Context& context, const Proxy& proxy, Server& server) {
  const std::string& name = server.resolution.resolvers;
  if (name.empty()) return;
  const auto& all = context.model->resolvers;
  for (size_t index = 0; index < all.size(); ++index)
    if (all[index].name == name) server.resolution.section = static_cast<int>(index);
  if (server.resolution.section >= 0) return;
  Suggestion suggestion(name);
  for (const model::Resolvers& resolvers : all) suggestion.consider(resolvers.name);
  context.diagnostics
      .add(Severity::alert, server.where,
           fmt::format("{} '{}', server '{}': unable to find required resolvers '{}'", proxy.kind(), proxy.name,
                       server.name, name))
      .suggestion = suggestion.best();
}

void judge_resolvers(Context& context) {
  for (const model::Resolvers& resolvers : context.model->resolvers) {
    if (resolvers.name_servers.empty())
      context.diagnostics.add(Severity::warning, resolvers.where,
                              fmt::format("resolvers '{}' [{}] has no nameservers configured!", resolvers.name,
                                          resolvers.where.file_and_line()));
    for (const model::NameServer& server : resolvers.name_servers)
      if (!server.address.is_ip())
        context.diagnostics.add(
            Severity::alert, server.where,
            fmt::format("resolvers '{}': can't create socket for nameserver '{}'.", resolvers.name, server.name));
  }
}

/// Who names no section "default" gets one that asks whom the system asks; nothing is said when there is nobody.
void add_default_resolvers(Context& context) {
  model::Model& model = *context.model;
  for (const model::Resolvers& resolvers : model.resolvers)
    if (resolvers.name == "default") return;
  model::Resolvers added;
  added.name = "default";
  if (add_system_name_servers(added, {}, context.outside) && !added.name_servers.empty())
    model.resolvers.push_back(std::move(added));
}

/// The server that `track` names, or null.
const Server* tracked(Context& context, const Proxy& proxy, const Server& server, std::string& error,
                      std::string& suggested) {
  const size_t slash = server.track.find('/');
  const Proxy* home = &proxy;
  if (slash != std::string::npos) {
    home = context.find_backend(std::string_view(server.track).substr(0, slash));
    if (!home) {
      error = fmt::format("unable to find required proxy '{}' for tracking.", server.track.substr(0, slash));
      Suggestion suggestion(std::string_view(server.track).substr(0, slash));
      for (const auto& other : context.model->proxies)
        if (other->backend) suggestion.consider(other->name);
      suggested = suggestion.best();
      return nullptr;
    }
  }
  const std::string_view name = std::string_view(server.track).substr(slash == std::string::npos ? 0 : slash + 1);
  for (const Server& other : home->backend->servers)
    if (other.name == name) return &other;
  error = fmt::format("unable to find required server '{}' for tracking.", name);
  Suggestion suggestion(name);
  for (const Server& other : home->backend->servers) suggestion.consider(other.name);
  suggested = suggestion.best();
  return nullptr;
}

/// The backend that `track` leads to.
const Proxy& home_of(Context& context, const Proxy& proxy, const Server& server) {
  const size_t slash = server.track.find('/');
  return slash == std::string::npos ? proxy : *context.find_backend(std::string_view(server.track).substr(0, slash));
}

/// Follows the chain of tracked servers: it must end at one that is checked.
std::string judge_tracking(Context& context, const Proxy& proxy, const Server& server, std::string& suggested) {
  const Server* at = &server;
  const Proxy* home = &proxy;
  std::string error;
  std::string first;
  uint32_t last_line = server.where.line;
  for (size_t steps = 0; !at->track.empty(); ++steps) {
    const Server* next = tracked(context, *home, *at, error, suggested);
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
  if (!at->check.enabled && !at->agent.enabled)
    return fmt::format("unable to use {} for tracking as it does not have any check nor agent enabled.", first);
  return {};
}

/// What the file of server states has for the method "last".
Address last_address(const Server& server) {
  if (!server.record || !server.record->failure.empty()) return {};
  const std::string& service = server.record->service;
  if (!service.empty() && !server.resolution.service.empty() && service != server.resolution.service) return {};
  return Address::parse_ip(server.record->address);
}

std::string host_of(const Server& server) {
  const std::string_view recorded = server.recorded_host();
  return recorded.empty() ? server.host : std::string(recorded);
}

enum class Lookup : uint8_t { found, later, failed };

Lookup look_up(const Context& context, Server& server) {
  const std::vector<std::string> usual{"last", "libc"};
  for (const std::string& method : server.init_addr.empty() ? usual : server.init_addr) {
    if (method == "none") return Lookup::later;
    if (method == "last")
      server.address = last_address(server);
    else if (method == "libc")
      server.address = context.options.resolve_names ? context.outside.host(host_of(server), AF_UNSPEC) : Address();
    else
      server.address = Address::parse_ip(method);
    if (!server.address.empty()) {
      server.address.set_port(server.port);
      return Lookup::found;
    }
  }
  return server.resolution.section >= 0 || context.options.ignore_unresolved || !context.options.resolve_names
             ? Lookup::later
             : Lookup::failed;
}

/// A service has no address that the system could tell: it needs a resolvers section, or a word on where to begin. And
/// "last" alone needs a file that has one.
bool has_no_method(const Context& context, const Server& server) {
  const bool service = !server.resolution.service.empty();
  if ((server.host.empty() && !service) || context.options.ignore_unresolved) return false;
  if (server.init_addr.empty()) return service && server.resolution.section < 0;
  return last_address(server).empty() &&
         std::all_of(server.init_addr.begin(), server.init_addr.end(),
                     [&](const std::string& method) { return method == "last" || (service && method == "libc"); });
}

}  // namespace

// haproxy takes a lone minconn, or one that is no less than maxconn, as maxconn; and a lone maxconn as both.
void settle_server(Server& server) {
  if (server.minconn > server.maxconn) server.maxconn = server.minconn;
  if (server.minconn == 0 || server.minconn == server.maxconn) server.minconn = 0;
  if (!server.check.port && !server.check.address.empty()) server.check.port = server.check.address.port();
}

void resolve_servers(Context& context, Proxy& proxy) {
  report_duplicates(context, proxy);
  for (Server& server : proxy.backend->servers) {
    if (server.track.empty()) continue;
    std::string suggested;
    const std::string error = judge_tracking(context, proxy, server, suggested);
    if (!error.empty())
      context.diagnostics.add(Severity::alert, server.where, introduction(proxy, server) + error).suggestion =
          suggested;
  }
}

void resolve_name_servers(Context& context) {
  judge_resolvers(context);
  add_default_resolvers(context);
  for (const auto& proxy : context.model->proxies)
    if (proxy->backend && !proxy->disabled)
      for (Server& server : proxy->backend->servers) find_resolvers(context, *proxy, server);
}

void resolve_server_addresses(Context& context) {
  bool failed = false;
  for (const auto& proxy : context.model->proxies) {
    if (!proxy->backend) continue;
    for (Server& server : proxy->backend->servers) {
      if (context.options.running && server.record) continue;  // it has its address
      const auto alert = [&](const std::string& text) -> Diagnostic& {
        failed = true;
        return context.diagnostics.add(Severity::alert, server.where, introduction(*proxy, server) + text);
      };
      const std::string host = host_of(server);
      if (has_no_method(context, server)) {
        alert(fmt::format("no method found to resolve address '{}'.",
                          server.resolution.service.empty() ? host : server.resolution.service));
        continue;
      }
      if (host.empty()) continue;
      const Lookup result = look_up(context, server);
      const auto asks = [](const std::string& method) { return method != "last" && method != "none"; };
      const bool tried =
          server.init_addr.empty() || std::any_of(server.init_addr.begin(), server.init_addr.end(), asks);
      if (result == Lookup::failed)
        alert(fmt::format("could not resolve address '{}'.", host)).hint = missing_name(server.name, host);
      else if (result == Lookup::later && tried && context.options.resolve_names)
        context.diagnostics.add(
            Severity::warning, server.where,
            introduction(*proxy, server) + fmt::format("could not resolve address '{}', disabling server.", host));
    }
  }
  if (failed) context.diagnostics.add(Severity::alert, {}, "Failed to initialize server(s) addr.");
}

}  // namespace ddbproxy::config
