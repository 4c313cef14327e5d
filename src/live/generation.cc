#include "live/generation.h"

#include <algorithm>

#include <ddbproxy/peers.h>

#include "base/text.h"
#include "live/backend.h"
#include "live/frontend.h"
#include "log/rings.h"

namespace ddbproxy::live {
namespace {

template <class T>
std::shared_ptr<T> find_shared(const std::vector<std::shared_ptr<T>>& proxies, std::string_view name) {
  for (const auto& proxy : proxies)
    if (proxy->name() == name) return proxy;
  return nullptr;
}

template <class T>
T* find_in(const std::vector<std::shared_ptr<T>>& proxies, std::string_view name) {
  if (!name.starts_with('#')) return find_shared(proxies, name).get();
  const auto id = base::parse_integer(name.substr(1));
  for (const auto& proxy : proxies)
    if (id && *id == proxy->config().id) return proxy.get();
  return nullptr;
}

template <class T>
std::unordered_map<std::string_view, std::shared_ptr<T>> by_name(const std::vector<std::shared_ptr<T>>* proxies) {
  std::unordered_map<std::string_view, std::shared_ptr<T>> names;
  if (proxies)
    for (const auto& proxy : *proxies) names.emplace(proxy->name(), proxy);
  return names;
}

/// The one of before that has this name, once, or a new one.
template <class T>
std::shared_ptr<T> identity(std::unordered_map<std::string_view, std::shared_ptr<T>>& known, const std::string& name) {
  const auto found = known.find(name);
  if (found == known.end()) return std::make_shared<T>(name);
  std::shared_ptr<T> same = std::move(found->second);
  known.erase(found);
  return same;
}

/// The loggers find the rings by their names.
std::shared_ptr<const model::Model> with_rings(std::shared_ptr<const model::Model> model) {
  log::adopt_rings(*model);
  return model;
}

}  // namespace

BackendConfig::BackendConfig(const Generation& its_generation, Backend& identity, const model::Proxy& settings_of)
    : generation(its_generation),
      backend(identity),
      proxy(settings_of),
      logger(settings_of.log, its_generation.global()) {}

FrontendConfig::FrontendConfig(const Generation& its_generation, Frontend& identity, const model::Proxy& settings_of)
    : generation(its_generation),
      frontend(identity),
      proxy(settings_of),
      logger(settings_of.log, its_generation.global()) {}

Generation::Generation(std::shared_ptr<const model::Model> model, const Generation* before)
    : model_(with_rings(std::move(model))),
      log_settings_{.targets = model_->global.logs},
      logger_(log_settings_, model_->global) {
  auto known_frontends = by_name(before ? &before->frontends_ : nullptr);
  auto known_backends = by_name(before ? &before->backends_ : nullptr);
  for (const auto& proxy : model_->proxies) {
    Halves& halves = halves_[proxy.get()];
    backends_by_proxy_.push_back(nullptr);
    if (proxy->frontend) {
      halves.frontend = frontends_.emplace_back(identity(known_frontends, proxy->name)).get();
      frontend_configs_.emplace_back(*this, *halves.frontend, *proxy);
    }
    if (proxy->backend) {
      halves.backend = backends_.emplace_back(identity(known_backends, proxy->name)).get();
      backends_by_proxy_.back() = &backend_configs_.emplace_back(*this, *halves.backend, *proxy);
      backends_by_name_.emplace(proxy->name, backends_by_proxy_.back());
    }
  }
  link_backends();
  take_tables(before);
}

Generation::~Generation() = default;

bool Generation::idle() const {
  const auto free = [](const auto& identities, const auto& configs) {
    return std::equal(identities.begin(), identities.end(), configs.begin(),
                      [](const auto& identity, const auto& config) {
                        return &identity->current() != &config || identity.use_count() == 1;
                      });
  };
  return free(frontends_, frontend_configs_) && free(backends_, backend_configs_);
}

void Generation::link_backends() {
  for (FrontendConfig& config : frontend_configs_) {
    const int index = config.settings().default_backend_index;
    if (index >= 0)
      config.default_backend = backend_config(index);
    else if (config.proxy.backend)
      config.default_backend = backend_config(config.proxy.name);
  }
}

/// A table of before goes on where it stores the same by the same keys.
void Generation::take_tables(const Generation* before) {
  const auto known = by_name(before ? &before->tables_ : nullptr);
  std::vector<model::TableRef> refs = model::tables_of(*model_);
  if (!refs.empty()) tables_by_number_.resize(std::max<size_t>(refs.back().number + 1, model_->proxies.size()));
  std::sort(refs.begin(), refs.end(),
            [](const auto& a, const auto& b) { return a.settings->number < b.settings->number; });
  for (const model::TableRef& ref : refs) {
    const bool shared = ref.peers && ref.peers->works();
    const auto at = known.find(ref.name);
    auto same = at != known.end() && at->second->continues_as(*ref.settings, shared)
                    ? at->second
                    : std::make_shared<sticky::Table>(ref.name, *ref.settings, shared);
    // Peers that it is to have, or another order of size, make it another one with the same in it.
    if (at != known.end() && same != at->second && at->second->stores_as(*ref.settings))
      same->copy(*at->second, sticky::tick_of(base::now()));
    if (shared) shared_tables_.push_back({same, ref.shared_name, ref.peers});
    tables_by_number_[static_cast<size_t>(ref.number)] = tables_.emplace_back(std::move(same)).get();
  }
}

sticky::Table* Generation::table(int index) const { return tables_by_number_[static_cast<size_t>(index)]; }

sticky::Table* Generation::find_table(std::string_view name) const { return find_shared(tables_, name).get(); }

const BackendConfig* Generation::backend_config(std::string_view name) const {
  const auto found = backends_by_name_.find(name);
  return found == backends_by_name_.end() ? nullptr : found->second;
}

Frontend* Generation::find_frontend(std::string_view name) const { return find_in(frontends_, name); }
Backend* Generation::find_backend(std::string_view name) const { return find_in(backends_, name); }

}  // namespace ddbproxy::live
