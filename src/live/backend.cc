#include "live/backend.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "live/balance/balancer.h"
#include "live/queue.h"

namespace ddbproxy::live {

Backend::Backend(std::string name) : name_(std::move(name)), queue_(std::make_unique<Queue>(*this)) {
  last_change = base::now();
}

void Backend::begin(const BackendConfig& config) {
  current_.store(&config, std::memory_order_release);
  stopped_ = config.proxy.disabled;
  std::vector<Server*> actives, backups;
  for (const model::Server& server : settings().servers) {
    auto& made = servers_.emplace_back(std::make_shared<Server>(server, *this, take_index()));
    (server.backup ? backups : actives).push_back(made.get());
    by_name_.emplace(made->name(), made.get());
    by_id_.emplace(made->id(), made.get());
  }
  active_group_.publish(make_balancer(settings().balance, actives));
  backup_group_.publish(make_balancer(settings().balance, backups));
  for (const auto& server : servers_) refresh(*server);
}

Backend::~Backend() = default;

Server* Backend::find(std::string_view name) const {
  if (name.starts_with('#')) {
    const auto id = base::parse_integer(name.substr(1));
    return id ? find_id(static_cast<uint32_t>(*id)) : nullptr;
  }
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Server* Backend::find_id(uint32_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

uint32_t Backend::take_index() {
  uint32_t index = static_cast<uint32_t>(weights_.size());
  if (free_indices_.empty()) {
    weights_.push_back(0);
  } else {
    index = free_indices_.back();
    free_indices_.pop_back();
  }
  queue_->open_line(index);
  return index;
}

std::shared_ptr<Server> Backend::make_server(std::unique_ptr<model::Server> config) {
  while (config->id == 0 || (!config->forced_id && find_id(config->id))) ++config->id;
  return std::make_shared<Server>(std::move(config), *this, take_index());
}

std::shared_ptr<Server> Backend::make_server(const model::Server& config) {
  auto made = std::make_shared<Server>(config, *this, take_index());
  Server* const holder = find_id(made->id());
  if (!holder) return made;
  // An id that the configuration gives is its own: who has it by chance takes another.
  Server& yielding = config.forced_id ? *holder : *made;
  while (find_id(yielding.id())) yielding.take_id(yielding.id() + 1);
  if (config.forced_id) {
    by_id_.erase(made->id());
    by_id_.emplace(holder->id(), holder);
  }
  return made;
}

void Backend::adopt(const BackendConfig& config) { current_.store(&config, std::memory_order_release); }

std::vector<std::shared_ptr<const Mentioned>> Backend::rebalance() {
  std::vector<Server*> actives, backups;
  for (const auto& server : servers_) (server->config().backup ? backups : actives).push_back(server.get());
  std::vector<std::shared_ptr<const Mentioned>> before;
  const auto renew = [&](Group& group, const std::vector<Server*>& members) {
    auto balancer = make_balancer(settings().balance, members);
    for (Server* member : members)
      if (const int weight = weights_[member->index()]) balancer->set_weight(*member, weight);
    before.push_back(group.owner);
    group.publish(std::move(balancer));
  };
  renew(active_group_, actives);
  renew(backup_group_, backups);
  // Sessions may have come or gone before it was seen. And an algorithm may take another share of a slowstart, or none.
  for (const auto& server : servers_) {
    load_changed(*server);
    server->recalculate_weight(base::now());
    refresh(*server);
  }
  publish_source();
  return before;
}

void Backend::put_in_order() {
  const auto same = [](const std::shared_ptr<Server>& server, const model::Server& configured) {
    return server->name() == configured.name;
  };
  // As a rule nothing is to be done.
  if (!std::ranges::equal(servers_, settings().servers, same)) sort_servers();
  refresh_first_backup();
  publish_source();
}

void Backend::sort_servers() {
  std::unordered_map<std::string_view, size_t> place;
  for (const model::Server& server : settings().servers) place.emplace(server.name, place.size());
  const auto key = [&](const std::shared_ptr<Server>& server) {
    const auto found = place.find(server->name());
    return found == place.end() ? place.size() : found->second;
  };
  const auto lock = queue_->lock();
  std::stable_sort(servers_.begin(), servers_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

void Backend::enlist(std::shared_ptr<Server> server) {
  Server& added = *server;
  {
    const auto lock = queue_->lock();
    by_name_.emplace(added.name(), &added);
    by_id_.emplace(added.id(), &added);
    servers_.push_back(std::move(server));
  }
  group_of(added).owner->add(added);
  refresh(added);
}

std::shared_ptr<Server> Backend::delist(Server& server) {
  group_of(server).owner->remove(server);
  const auto lock = queue_->lock();
  const auto is_its = [&](const auto& entry) { return entry.second == &server; };
  if (const auto at = by_name_.find(server.name()); at != by_name_.end() && is_its(*at)) by_name_.erase(at);
  if (const auto at = by_id_.find(server.id()); at != by_id_.end() && is_its(*at)) by_id_.erase(at);
  const auto at = std::find_if(servers_.begin(), servers_.end(), [&](const auto& one) { return one.get() == &server; });
  std::shared_ptr<Server> delisted = std::move(*at);
  servers_.erase(at);
  return delisted;
}

Server* Backend::look_up(std::string_view name) const {
  const auto lock = queue_->lock();
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Server* Backend::look_up_id(uint32_t id) const {
  const auto lock = queue_->lock();
  return find_id(id);
}

Server* Backend::look_up_address(std::string_view address) const {
  const auto lock = queue_->lock();
  for (const auto& server : servers_)
    if (server->address().text() == address) return server.get();
  return nullptr;
}

Backend::Choice Backend::choose(const PickRequest& request) {
  if (request.wanted) return {true, request.wanted};
  switch (source_.load(std::memory_order_acquire)) {
    case Source::none: return {};
    case Source::active: return {true, active_group_.balancer.load(std::memory_order_acquire)->pick(request)};
    case Source::first_backup: return {true, first_backup_.load(std::memory_order_acquire)};
    case Source::backups: return {true, backup_group_.balancer.load(std::memory_order_acquire)->pick(request)};
  }
  return {};
}

Assignment Backend::assign(const PickRequest& request, Waiter& waiter, net::Loop& loop) {
  const Choice choice = choose(request);
  if (!choice.available) return {};
  if (choice.server) {
    if (choice.server != request.previous && !request.wanted) {
      counters.local().lbtot.add();
      choice.server->counters.local().lbtot.add();
    }
    if (choice.server->take(false)) return {Assignment::Kind::leased, count(*choice.server), {}, {}};
  }
  Lease lease;
  auto ticket = queue_->join(choice.server, request, waiter, loop, lease);
  if (lease) return {Assignment::Kind::leased, std::move(lease), {}, {}};
  if (!ticket) return {Assignment::Kind::full, {}, {}, choice.server};
  return {Assignment::Kind::queued, {}, Place(std::move(ticket)), {}};
}

Lease Backend::retake(Server& server) {
  if (!server.take(false)) return {};
  return count(server);
}

Lease Backend::count(Server& server) {
  served_.fetch_add(1, std::memory_order_relaxed);
  load_changed(server);
  return Lease(server);
}

void Backend::release(Server& server) {
  server.active_.fetch_sub(1);  // sequentially consistent, as the counts read next: see Queue::join
  served_.fetch_sub(1, std::memory_order_relaxed);
  load_changed(server);
  if (server.queued_.load() || queued_.load()) queue_->serve(server);
}

void Backend::load_changed(Server& server) {
  Balancer& balancer = *group_of(server).balancer.load(std::memory_order_acquire);
  if (balancer.follows_load()) balancer.load_changed(server);
}

bool Backend::may_serve_backend_queue(const Server& server) const {
  if (!server.eligible()) return false;
  switch (source_.load(std::memory_order_acquire)) {
    case Source::none: return false;
    case Source::active: return !server.config().backup;
    case Source::first_backup: return first_backup_.load(std::memory_order_acquire) == &server;
    case Source::backups: return server.config().backup;
  }
  return false;
}

Server* Backend::find_free_server() const {
  for (const auto& server : servers_)
    if (may_serve_backend_queue(*server) && !server->saturated()) return server.get();
  return nullptr;
}

void Backend::refresh(Server& server) {
  Group& group = group_of(server);
  const int weight = server.eligible() ? server.effective_weight() : 0;
  const int before = std::exchange(weights_[server.index()], weight);
  if (weight == before) return;
  group.weight += weight - before;
  group.usable += (weight != 0) - (before != 0);
  group.owner->set_weight(server, weight);
  if (server.config().backup && (weight == 0 || before == 0)) refresh_first_backup();
  publish_source();
}

void Backend::refresh_first_backup() {
  Server* first = nullptr;
  for (const auto& server : servers_)
    if (server->config().backup && weights_[server->index()]) {
      first = server.get();
      break;
    }
  first_backup_.store(first, std::memory_order_release);
}

void Backend::publish_source() {
  const Source source = active_group_.usable    ? Source::active
                        : !backup_group_.usable ? Source::none
                        : settings().allbackups ? Source::backups
                                                : Source::first_backup;
  source_.store(source, std::memory_order_release);
}

int Backend::total_weight() const {
  // Where sessions go to no server none is balanced.
  if (settings().transparent || !settings().dispatch.empty()) return 0;
  int total = 0;
  switch (source_.load(std::memory_order_acquire)) {
    case Source::none: break;
    case Source::active: total = active_group_.weight; break;
    case Source::first_backup: total = first_backup_.load(std::memory_order_acquire)->effective_weight(); break;
    case Source::backups: total = backup_group_.weight; break;
  }
  return (total + weight_scale - 1) / weight_scale;
}

int Backend::total_user_weight() const {
  const Source source = source_.load(std::memory_order_acquire);
  if (source == Source::first_backup) return first_backup_.load(std::memory_order_acquire)->user_weight();
  int total = 0;
  for (const auto& server : servers_)
    if (server->eligible() && server->config().backup == (source == Source::backups)) total += server->user_weight();
  return total;
}

bool Backend::weights_can_change() const {
  switch (settings().balance.algorithm) {
    case model::Algorithm::roundrobin:
    case model::Algorithm::leastconn:
    case model::Algorithm::first:
    case model::Algorithm::random: return true;
    case model::Algorithm::static_rr: return false;
    case model::Algorithm::source:
    case model::Algorithm::uri:
    case model::Algorithm::url_param:
    case model::Algorithm::hdr:
    case model::Algorithm::rdp_cookie: return settings().balance.method == model::HashMethod::consistent;
  }
  return true;
}

void Backend::begin_session() { sessions_max.raise(active_.fetch_add(1, std::memory_order_relaxed) + 1); }
void Backend::end_session() { active_.fetch_sub(1, std::memory_order_relaxed); }

}  // namespace ddbproxy::live
