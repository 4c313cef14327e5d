#include "app/removals.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

#include "log/console.h"
#include "stream/census.h"

namespace ddbproxy::app {
namespace {

/// Whether a proxy has it that is not disabled.
template <class Identities, class Wanted>
bool runs(const Identities& identities, const Wanted& wanted) {
  return std::any_of(identities.begin(), identities.end(),
                     [&](const auto& each) { return each == wanted && !each->config().disabled; });
}

bool listens(const live::Frontend& frontend, const std::string& place) {
  const auto& listeners = frontend.listeners();
  return std::any_of(listeners.begin(), listeners.end(), [&](const auto& each) { return each.place == place; });
}

}  // namespace

Removals::Removals(live::State& state, stream::Workers& workers, net::Loop& loop) : state_(state), workers_(workers) {
  timer_.bind<&Removals::time_is_up>(loop, *this);
}

void Removals::note(const live::Generation& before, const std::vector<live::ServerChanges>& servers) {
  const model::Duration& longest = state_.model().global.hard_stop_after;
  if (!longest) return;
  Removed removed{.until = base::now() + *longest};
  for (size_t i = 0; i < before.frontends().size(); ++i) {
    const live::FrontendConfig& config = before.frontend_configs()[i];
    const std::shared_ptr<const live::Frontend>& frontend = before.frontends()[i];
    if (config.proxy.disabled) continue;
    if (!runs(state_.frontends(), frontend)) {
      removed.frontends.push_back(frontend);
      continue;
    }
    std::unordered_set<std::string_view> gone;
    for (const live::Listener& listener : config.listeners)
      if (!listens(*frontend, listener.place) && gone.insert(listener.place).second)
        removed.listeners.push_back({frontend, listener.place});
  }
  for (size_t i = 0; i < before.backends().size(); ++i)
    if (!before.backend_configs()[i].proxy.disabled && !runs(state_.backends(), before.backends()[i]))
      removed.backends.push_back(before.backends()[i]);
  for (const live::ServerChanges& changes : servers)
    for (const auto& each : changes.removed)
      removed.servers.push_back({changes.backend + "/" + each.name, each.server});
  if (removed.empty()) return;
  removed_.push_back(std::move(removed));
  wait();
}

void Removals::wait() {
  const auto first = std::min_element(removed_.begin(), removed_.end(),
                                      [](const Removed& a, const Removed& b) { return a.until < b.until; });
  if (first == removed_.end()) return;
  timer_.arm(base::Milliseconds(std::max<int64_t>(base::milliseconds_between(base::now(), first->until), 0) + 1));
}

void Removals::time_is_up() {
  const base::Instant now = base::now();
  const auto due = std::stable_partition(removed_.begin(), removed_.end(),
                                         [&](const Removed& removed) { return removed.until > now; });
  std::vector<Removed> over(std::make_move_iterator(due), std::make_move_iterator(removed_.end()));
  removed_.erase(due, removed_.end());
  for (Removed& removed : over) end(std::move(removed));
  wait();
}

void Removals::leave_what_is_back(Removed& removed) const {
  std::erase_if(removed.frontends, [&](const auto& frontend) { return runs(state_.frontends(), frontend); });
  std::erase_if(removed.backends, [&](const auto& backend) { return runs(state_.backends(), backend); });
  std::erase_if(removed.listeners, [&](const Listening& listening) {
    return runs(state_.frontends(), listening.frontend) && listens(*listening.frontend, listening.place);
  });
}

void Removals::end(Removed removed) {
  leave_what_is_back(removed);
  const auto say = [&](std::string_view what, std::string_view name, uint32_t sessions) {
    if (!sessions) return;
    const std::string text =
        fmt::format("{} {} hard-stopped ({} remaining conns will be closed).", what, name, sessions);
    log::console(log::ConsoleLevel::warning, text);
    state_.generation().logger().write(log::warning, text);
  };
  for (const auto& frontend : removed.frontends) say("Proxy", frontend->name(), frontend->current_sessions());
  for (const Leaving& leaving : removed.servers) say("Server", leaving.name, leaving.server->current_sessions());
  const auto all = std::make_shared<const Removed>(std::move(removed));
  stream::Census(workers_).kill_where([all](const stream::Stream& stream) { return all->concerns(stream); },
                                      stream::Kill::stopping);
}

bool Removals::Removed::concerns(const stream::Stream& stream) const {
  const auto has = [](const auto& among, const auto* wanted) {
    return wanted && std::any_of(among.begin(), among.end(), [&](const auto& each) { return each.get() == wanted; });
  };
  if (has(frontends, stream.frontend()) || has(backends, stream.backend())) return true;
  if (std::any_of(servers.begin(), servers.end(),
                  [&](const Leaving& leaving) { return leaving.server.get() == stream.server(); }))
    return true;
  const live::Listener* listener = stream.listener();
  return listener && std::any_of(listeners.begin(), listeners.end(), [&](const Listening& listening) {
           return listening.frontend.get() == stream.frontend() && listening.place == listener->place;
         });
}

}  // namespace ddbproxy::app
