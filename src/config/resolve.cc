#include "config/resolve.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/server_resolver.h"

namespace ddbproxy::config {
namespace {

using model::Backend;
using model::Frontend;
using model::Mode;
using model::Proxy;

std::string place_of(const Location& where) { return fmt::format("{}:{}", where.file->name, where.line); }

/// Gives each item without an id of its own the next free one. haproxy steps over a number for every item, forced or not.
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

void resolve_default_backend(Context& context, Proxy& proxy) {
  Frontend& frontend = *proxy.frontend;
  if (frontend.default_backend.empty()) return;
  const auto say = [&](std::string text) { context.diagnostics.add(Severity::alert, frontend.default_backend_where, std::move(text)); };
  const Proxy* backend = context.find_backend(frontend.default_backend);
  if (!backend) return say(fmt::format("Proxy '{}': unable to find required default_backend: '{}'.", proxy.name, frontend.default_backend));
  if (backend == &proxy) return say(fmt::format("Proxy '{}': loop detected for default_backend: '{}'.", proxy.name, frontend.default_backend));
  if (proxy.mode == Mode::http && backend->mode == Mode::tcp)
    return say(fmt::format("http {} '{}' ({}) tries to use incompatible tcp {} '{}' ({}) as its default backend (see 'mode').",
                           proxy.kind(), proxy.name, place_of(proxy.where), backend->kind(), backend->name, place_of(backend->where)));
  frontend.default_backend_index = context.index_of(*backend);
}

/// haproxy takes a lone minconn, or one that is no less than maxconn, as maxconn; and a lone maxconn as both.
void settle_limits(model::Server& server) {
  if (server.minconn > server.maxconn) server.maxconn = server.minconn;
  if (server.minconn == 0 || server.minconn == server.maxconn) server.minconn = 0;
}

void resolve_limits(Context& context) {
  model::Model& model = *context.model;
  const uint32_t limit = context.options.maxconn ? context.options.maxconn(model) : model.global.maxconn;
  std::unordered_map<const Proxy*, uint64_t> reaching;  // connections that may come to a backend
  for (const auto& proxy : model.proxies) {
    if (!proxy->frontend) continue;
    Frontend& frontend = *proxy->frontend;
    if (!frontend.maxconn) frontend.maxconn = context.options.default_maxconn ? context.options.default_maxconn : limit;
    if (frontend.default_backend_index >= 0) reaching[model.proxies[static_cast<size_t>(frontend.default_backend_index)].get()] += frontend.maxconn;
    if (proxy->backend) reaching[proxy.get()] += frontend.maxconn;
  }
  for (const auto& proxy : model.proxies)
    if (proxy->backend && !proxy->backend->fullconn)
      proxy->backend->fullconn = static_cast<uint32_t>(std::max<uint64_t>(1, (reaching[proxy.get()] + 9) / 10));
}

}  // namespace

void resolve(Context& context) {
  model::Model& model = *context.model;
  // Number 1 is haproxy's own internal proxy.
  number(model.proxies, 2, [](auto& proxy) -> Proxy& { return *proxy; });
  for (const auto& proxy : model.proxies) {
    if (proxy->disabled) continue;
    if (proxy->log.global) proxy->log.targets.insert(proxy->log.targets.end(), model.global.logs.begin(), model.global.logs.end());
    if (proxy->frontend) {
      number_binds(*proxy->frontend);
      resolve_default_backend(context, *proxy);
    }
    if (proxy->backend) {
      number(proxy->backend->servers, 1, [](auto& server) -> model::Server& { return server; });
      for (model::Server& server : proxy->backend->servers) settle_limits(server);
      resolve_servers(context, *proxy);
    }
  }
  resolve_limits(context);
}

}  // namespace ddbproxy::config
