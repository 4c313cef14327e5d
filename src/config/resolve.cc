#include "config/resolve.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <unordered_map>

#include <ddbproxy/peers.h>

#include "config/address_reader.h"
#include "config/check_rules.h"
#include "config/server_resolver.h"
#include "config/stick_reader.h"
#include "config/suggest.h"

namespace ddbproxy::config {
namespace {

using model::Backend;
using model::Frontend;
using model::Mode;
using model::Proxy;

/// Gives each item without an id of its own the next free one. haproxy steps over a number for every item, forced or
/// not.
template <class Items, class Get>
void number(Items& items, uint32_t first, Get item_of) {
  std::set<uint32_t> taken;
  for (auto& each : items)
    if (item_of(each).id) taken.insert(item_of(each).id);
  uint32_t next = first;
  for (auto& each : items) {
    auto& item = item_of(each);
    if (!item.id) {
      while (taken.count(next)) ++next;
      item.id = next;
      taken.insert(next);
    }
    ++next;
  }
}

/// A bind line may have several sockets; its id is that of the first.
void number_binds(Frontend& frontend) {
  std::set<uint32_t> taken;
  for (const model::Bind& bind : frontend.binds)
    if (bind.id) taken.insert(bind.id);
  uint32_t next = 1;
  for (model::Bind& bind : frontend.binds)
    for (model::Bind::Listener& listener : bind.listeners) {
      if (bind.id) {
        listener.id = bind.id;
      } else {
        while (taken.count(next)) ++next;
        listener.id = next;
        taken.insert(next);
      }
      ++next;
    }
}

/// The backend of a rule or of default_backend; null after a report. `role` is "default_backend" or "use_backend".
const Proxy* find_target(Context& context, const Proxy& proxy, const std::string& name, const Location& where,
                         const char* role) {
  const auto say = [&](std::string text) {
    context.diagnostics.add(Severity::alert, where, std::move(text));
    return nullptr;
  };
  const Proxy* backend = context.find_backend(name);
  if (!backend) {
    Suggestion suggestion(name);
    for (const auto& other : context.model->proxies)
      if (other->backend && other.get() != &proxy) suggestion.consider(other->name);
    context.diagnostics
        .add(Severity::alert, where,
             fmt::format("Proxy '{}': unable to find required {}: '{}'.", proxy.name, role, name))
        .suggestion = suggestion.best();
    return nullptr;
  }
  if (backend == &proxy) return say(fmt::format("Proxy '{}': loop detected for {}: '{}'.", proxy.name, role, name));
  if (proxy.mode == Mode::http && backend->mode == Mode::tcp)
    return say(fmt::format("http {} '{}' ({}) tries to use incompatible tcp {} '{}' ({}) {} (see 'mode').",
                           proxy.kind(), proxy.name, proxy.where.file_and_line(), backend->kind(), backend->name,
                           backend->where.file_and_line(),
                           role[0] == 'd' ? "as its default backend" : "in a 'use_backend' rule"));
  if (proxy.mode == Mode::tcp && backend->mode == Mode::http && !backend->backend->servers.empty())
    return say(fmt::format("{} '{}' ({}) uses the http {} '{}' ({}), which is not supported by ddbproxy yet.",
                           proxy.kind(), proxy.name, proxy.where.file_and_line(), backend->kind(), backend->name,
                           backend->where.file_and_line()));
  return backend;
}

/// Where sessions go: by the rules, else to default_backend.
void resolve_backends(Context& context, Proxy& proxy) {
  Frontend& frontend = *proxy.frontend;
  if (!frontend.default_backend.empty())
    if (const Proxy* chosen =
            find_target(context, proxy, frontend.default_backend, frontend.default_backend_where, "default_backend"))
      frontend.default_backend_index = context.index_of(*chosen);
  for (model::BackendRule& rule : frontend.use_backend)
    if (!rule.format)
      if (const Proxy* chosen = find_target(context, proxy, rule.backend, rule.where, "use_backend"))
        rule.index = context.index_of(*chosen);
}

void resolve_use_server(Context& context, Proxy& proxy) {
  const auto& servers = proxy.backend->servers;
  for (model::ServerRule& rule : proxy.backend->use_server) {
    if (rule.format) continue;
    const auto found = std::find_if(servers.begin(), servers.end(),
                                    [&](const model::Server& each) { return each.name == rule.server; });
    if (found != servers.end()) {
      rule.index = static_cast<int>(found - servers.begin());
      continue;
    }
    Suggestion suggestion(rule.server);
    for (const model::Server& each : servers) suggestion.consider(each.name);
    context.diagnostics
        .add(Severity::alert, rule.where,
             fmt::format("{} '{}' : unable to find server '{}' referenced in a 'use-server' rule.", proxy.kind(),
                         proxy.name, rule.server))
        .suggestion = suggestion.best();
  }
}

/// Of a backend it has no effect, but the last one must be there.
void look_for_default_backend(Context& context, const Proxy& proxy) {
  const auto& words = proxy.unsupported;
  const auto last =
      std::find_if(words.rbegin(), words.rend(), [](const auto& word) { return word.keyword == "default_backend"; });
  if (last != words.rend()) find_target(context, proxy, last->argument, last->where, "default_backend");
}

void resolve_limits(Context& context) {
  model::Model& model = *context.model;
  const uint32_t limit = context.options.maxconn ? context.options.maxconn(model) : model.global.maxconn;
  std::unordered_map<const Proxy*, uint64_t> reaching;  // connections that may come to a backend
  for (const auto& proxy : model.proxies) {
    if (!proxy->frontend) continue;
    Frontend& frontend = *proxy->frontend;
    if (!frontend.maxconn) frontend.maxconn = context.options.default_maxconn ? context.options.default_maxconn : limit;
    std::set<const Proxy*> targets;
    if (proxy->backend) targets.insert(proxy.get());
    if (!frontend.default_backend.empty()) targets.insert(context.find_backend(frontend.default_backend));
    for (const model::BackendRule& rule : frontend.use_backend)
      if (!rule.format) targets.insert(context.find_backend(rule.backend));
    for (const Proxy* target : targets) reaching[target] += frontend.maxconn;
  }
  for (const auto& proxy : model.proxies)
    if (proxy->backend && !proxy->backend->fullconn)
      proxy->backend->fullconn = static_cast<uint32_t>(std::max<uint64_t>(1, (reaching[proxy.get()] + 9) / 10));
}

}  // namespace

void resolve(Context& context) {
  model::Model& model = *context.model;
  number(model.proxies, model.global.has_runtime_api() ? 2 : 1, [](auto& proxy) -> Proxy& { return *proxy; });
  context.http_references.resolve_defaults(context);
  for (const auto& proxy : model.proxies) {
    if (proxy->disabled) continue;
    if (proxy->log.global)
      proxy->log.targets.insert(proxy->log.targets.end(), model.global.logs.begin(), model.global.logs.end());
    if (proxy->frontend) {
      number_binds(*proxy->frontend);
      resolve_backends(context, *proxy);
    } else {
      look_for_default_backend(context, *proxy);
    }
    if (proxy->backend) {
      number(proxy->backend->servers, 1, [](auto& server) -> model::Server& { return server; });
      for (model::Server& server : proxy->backend->servers) settle_server(server);
      resolve_servers(context, *proxy);
      complete_checks(proxy->backend->checks);
      resolve_use_server(context, *proxy);
    }
    resolve_tables(context, *proxy);
    context.http_references.resolve(context, *proxy);
  }
  for (const auto& section : model.peers) {
    if (section->log.global)
      section->log.targets.insert(section->log.targets.end(), model.global.logs.begin(), model.global.logs.end());
    for (uint32_t id = 1; model::Bind::Listener & listener : section->bind.listeners) listener.id = id++;
  }
  for (const auto& section : model.log_forwards)
    if (section->proxy->log.global)
      section->proxy->log.targets.insert(section->proxy->log.targets.end(), model.global.logs.begin(),
                                         model.global.logs.end());
  resolve_name_servers(context);
  resolve_limits(context);
}

void judge_peers(Context& context) {
  // As in haproxy, the last one first.
  for (auto each = context.model->peers.rbegin(); each != context.model->peers.rend(); ++each) {
    const model::Peers& section = **each;
    if (!section.disabled && section.local < 0)
      context.diagnostics.add(Severity::warning, section.where,
                              fmt::format("Removing incomplete section 'peers {}' (no peer named '{}').", section.name,
                                          section.local_name));
  }
}

}  // namespace ddbproxy::config
