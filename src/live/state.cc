#include "live/state.h"

#include "base/text.h"

namespace ddbproxy::live {
namespace {

template <class T>
T* find_in(const std::vector<std::unique_ptr<T>>& proxies, std::string_view name) {
  if (name.starts_with('#')) {
    const auto id = base::parse_integer(name.substr(1));
    for (const auto& proxy : proxies)
      if (id && *id == proxy->config().id) return proxy.get();
    return nullptr;
  }
  for (const auto& proxy : proxies)
    if (proxy->name() == name) return proxy.get();
  return nullptr;
}

template <class T>
T* live_half(const std::vector<std::unique_ptr<T>>& proxies, const model::Proxy& config) {
  for (const auto& proxy : proxies)
    if (&proxy->config() == &config) return proxy.get();
  return nullptr;
}

}  // namespace

State::State(std::shared_ptr<const model::Model> model) : model_(std::move(model)) {
  for (const auto& proxy : model_->proxies) {
    if (proxy->frontend) frontends_.push_back(std::make_unique<Frontend>(*proxy, model_->global));
    if (proxy->backend) backends_.push_back(std::make_unique<Backend>(*proxy, model_->global));
  }
  for (const auto& frontend : frontends_) {
    const int index = frontend->settings().default_backend_index;
    if (index >= 0) {
      frontend->set_default_backend(backend_of(*model_->proxies[static_cast<size_t>(index)]));
    } else if (frontend->config().backend) {
      frontend->set_default_backend(backend_of(frontend->config()));
    }
  }
}

Frontend* State::find_frontend(std::string_view name) const { return find_in(frontends_, name); }
Backend* State::find_backend(std::string_view name) const { return find_in(backends_, name); }
Frontend* State::frontend_of(const model::Proxy& proxy) const { return live_half(frontends_, proxy); }
Backend* State::backend_of(const model::Proxy& proxy) const { return live_half(backends_, proxy); }

}  // namespace ddbproxy::live
