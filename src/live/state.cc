#include "live/state.h"

#include <ddbproxy/peers.h>

namespace ddbproxy::live {

State::State(std::shared_ptr<const model::Model> model)
    : generation_(std::make_shared<Generation>(std::move(model), nullptr)) {
  published_ = generation_.get();
  for (FrontendConfig& config : generation_->frontend_configs()) config.frontend.adopt(config);
  for (const BackendConfig& config : generation_->backend_configs()) config.backend.begin(config);
  link_trackers();
}

std::shared_ptr<const Generation> State::publish(std::shared_ptr<Generation> next) {
  std::swap(generation_, next);
  for (const model::TableRef& each : model::tables_of(generation_->model()))
    generation_->table(each.number)->adopt(*each.settings);
  published_.store(generation_.get(), std::memory_order_release);
  return next;
}

// resolve() has seen to it that what is tracked exists and that no one tracks itself.
void State::link_trackers() {
  for (const auto& backend : backends())
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
  for (const auto& backend : backends())
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

}  // namespace ddbproxy::live
