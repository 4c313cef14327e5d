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

}  // namespace

State::State(std::shared_ptr<const model::Model> model) : model_(std::move(model)) {
  for (const auto& proxy : model_->proxies) {
    Halves& halves = halves_[proxy.get()];
    if (proxy->frontend)
      halves.frontend = frontends_.emplace_back(std::make_unique<Frontend>(*proxy, model_->global)).get();
    if (proxy->backend)
      halves.backend = backends_.emplace_back(std::make_unique<Backend>(*proxy, model_->global)).get();
  }
  link_trackers();
  for (const auto& frontend : frontends_) {
    const int index = frontend->settings().default_backend_index;
    if (index >= 0) {
      frontend->set_default_backend(backend_of(*model_->proxies[static_cast<size_t>(index)]));
    } else if (frontend->config().backend) {
      frontend->set_default_backend(backend_of(frontend->config()));
    }
  }
}

// resolve() has seen to it that what is tracked exists and that no one tracks itself.
void State::link_trackers() {
  for (const auto& backend : backends_)
    for (const auto& server : backend->servers()) {
      const std::string& track = server->config().track;
      if (track.empty()) continue;
      const size_t slash = track.find('/');
      const Backend* other = slash == std::string::npos ? backend.get() : find_backend(track.substr(0, slash));
      server->tracked_ = other ? other->find(slash == std::string::npos ? track : track.substr(slash + 1)) : nullptr;
      // Like haproxy, the last one first.
      if (Server* tracked = server->tracked_) {
        tracked->trackers_.insert(tracked->trackers_.begin(), server.get());
        tracked->was_tracked_ = true;
      }
    }
  for (const auto& backend : backends_)
    for (const auto& server : backend->servers())
      for (const Server* up = server->tracked_; up; up = up->tracked_)
        if (up->in_maintenance()) {
          server->admin_ = server->admin_state() | inherited_maint;
          server->oper_state_ = OperState::stopped;
          server->health_.health = 0;
          backend->refresh(*server);
          break;
        }
}

Frontend* State::find_frontend(std::string_view name) const { return find_in(frontends_, name); }
Backend* State::find_backend(std::string_view name) const { return find_in(backends_, name); }
Frontend* State::frontend_of(const model::Proxy& proxy) const { return halves_.at(&proxy).frontend; }
Backend* State::backend_of(const model::Proxy& proxy) const { return halves_.at(&proxy).backend; }

}  // namespace ddbproxy::live
