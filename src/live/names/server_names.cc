#include "live/names/server_names.h"

#include <algorithm>
#include <fmt/format.h>

#include "live/names/address_choice.h"
#include "live/names/service_names.h"
#include "log/console.h"

namespace ddbproxy::live {

/// A server and the name of its host.
class HostFollower final : public NameClient {
 public:
  HostFollower(ServerNames& names, Server& server, Resolver& resolver)
      : names_(names), server_(server), resolver_(resolver) {
    resolver_.join(server.host(), server.config().resolution.prefer == AF_INET ? RecordType::a : RecordType::aaaa,
                   *this);
  }
  ~HostFollower() { resolver_.leave(*this); }

  Server& server() const { return server_; }

  void name_resolved(const Resolution& resolution, const std::string& source, NameServerCounters* by) override {
    // An address that was set by hand stays until the answers change.
    if (seen_changes_ == resolution.changes() && !(server_.admin_state() & resolution_maint)) return;
    seen_changes_ = resolution.changes();
    const Address current = server_.address();
    const auto chosen =
        choose_address(resolution.addresses(), current, names_.taken_by_others(server_), server_.config().resolution);
    if (!chosen) return names_.take_address(server_, " (No IP for server )");
    if (by && !same_host(*chosen, current)) ++by->update;
    names_.give_address(server_, *chosen, source);
  }

  void name_failed(const Resolution& resolution) override {
    if (server_.admin_state() & resolution_maint || resolution.holds(base::now())) return;
    const char* cause = " (unspecified DNS error)";
    if (resolution.status() == AnswerStatus::nonexistent) cause = " (DNS NX status)";
    if (resolution.status() == AnswerStatus::refused) cause = " (DNS refused status)";
    if (resolution.status() == AnswerStatus::silence) cause = " (DNS timeout status)";
    names_.take_address(server_, cause);
  }

 private:
  ServerNames& names_;
  Server& server_;
  Resolver& resolver_;
  uint64_t seen_changes_ = 0;
};

ServerNames::ServerNames(State& state, ServerStates& states, net::Loop& loop)
    : state_(state), states_(states), loop_(loop) {
  for (const model::Resolvers& config : state.model().resolvers)
    resolvers_.push_back(std::make_unique<Resolver>(config, loop));
}

ServerNames::~ServerNames() = default;

Resolver& ServerNames::resolver_of(const Server& server) const {
  return *resolvers_[static_cast<size_t>(server.config().resolution.section)];
}

void ServerNames::start() {
  hosts_.clear();
  services_.clear();
  for (const auto& backend : state_.backends()) {
    if (backend->config().disabled) continue;
    for (const auto& server : backend->servers()) begin(*server);
  }
}

void ServerNames::begin(Server& server) {
  const model::NameResolution& resolution = server.config().resolution;
  if (resolution.section < 0) return;
  Resolver& resolver = resolver_of(server);
  if (!resolution.service.empty()) {
    const auto group = std::find_if(services_.begin(), services_.end(),
                                    [&](const auto& other) { return other->takes(server, resolver); });
    if (group != services_.end())
      (*group)->add(server);
    else
      services_.push_back(std::make_unique<ServiceFollower>(*this, server, resolver));
  } else if (!server.host().empty()) {
    hosts_.push_back(std::make_unique<HostFollower>(*this, server, resolver));
  }
}

void ServerNames::renew(Server& server) {
  remove(server);
  begin(server);
}

bool ServerNames::change_sections() {
  const auto& sections = state_.model().resolvers;
  const auto same = [](const auto& resolver, const model::Resolvers& section) { return resolver->config() == section; };
  if (std::equal(resolvers_.begin(), resolvers_.end(), sections.begin(), sections.end(), same)) return false;
  hosts_.clear();
  services_.clear();
  lookups_.give_up();
  resolvers_.clear();
  for (const model::Resolvers& config : sections) resolvers_.push_back(std::make_unique<Resolver>(config, loop_));
  return true;
}

void ServerNames::stop() {
  lookups_.give_up();
  for (const auto& resolver : resolvers_) resolver->stop();
}

bool ServerNames::follow(Server& server, const std::string& host) {
  constexpr uint16_t any_id = 0, no_options = 0;
  if (!encode_question(any_id, {host, RecordType::a}, no_options)) return false;
  forget_host(server);
  server.set_host(host);
  hosts_.push_back(std::make_unique<HostFollower>(*this, server, resolver_of(server)));
  return true;
}

void ServerNames::forget_host(Server& server) {
  std::erase_if(hosts_, [&](const auto& host) { return &host->server() == &server; });
}

void ServerNames::remove(Server& server) {
  forget_host(server);
  std::erase_if(services_, [&](const auto& service) { return service->remove(server); });
}

std::vector<Address> ServerNames::taken_by_others(const Server& server) const {
  std::vector<Address> taken;
  for (const auto& other : server.backend().servers())
    if (other.get() != &server && !other->address().empty() && other->config().resolution.section >= 0 &&
        same_name(other->host(), server.host()))
      taken.push_back(other->address());
  return taken;
}

void ServerNames::give_address(Server& server, const Address& address, const std::string& source) {
  const Address before = server.address();
  if (!same_host(address, before)) {
    const std::string text =
        fmt::format("{}/{} changed its IP from {} to {} by {}.", server.backend().name(), server.name(),
                    before.is_ip() ? before.host() : "(none)", address.host(), source);
    server.backend().logger().write(log::notice, text);
    log::console(log::ConsoleLevel::warning, text);
  }
  Address whole = address;
  whole.set_port(server.port());
  if (!(whole == before)) server.set_address(whole);
  states_.resolved(server);
}

void ServerNames::take_address(Server& server, std::string_view cause) {
  server.set_address(Address());
  states_.unresolved(server, cause);
}

}  // namespace ddbproxy::live
