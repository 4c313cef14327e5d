// The listening sockets that one thread watches.
#include "stream/doorkeeper.h"

#include "stream/acceptor.h"
#include "stream/admission.h"
#include "stream/connection_rules.h"

namespace ddbproxy::stream {
namespace {

/// What clients of this line send first.
uint8_t headers_before(const model::Bind& bind) {
  return static_cast<uint8_t>((bind.netscaler_magic ? Guest::netscaler : 0) | (bind.accept_proxy ? Guest::proxy : 0));
}

}  // namespace

Doorkeeper::Doorkeeper(Worker& own, std::span<const std::unique_ptr<Worker>> hosts, Admission& admission)
    : own_(own), hosts_(hosts), admission_(admission) {}

Doorkeeper::~Doorkeeper() = default;

void Doorkeeper::listen(const live::FrontendConfig& config, live::Listener& listener) {
  auto& acceptor = acceptors_[&listener];
  if (!acceptor) acceptor = std::make_unique<Acceptor>(*this, config, listener);
  acceptor->open();
}

void Doorkeeper::pause(const live::Listener& listener) {
  if (const auto found = acceptors_.find(&listener); found != acceptors_.end()) found->second->close();
}

void Doorkeeper::unlisten(const live::Listener& listener) {
  const auto found = acceptors_.find(&listener);
  if (found == acceptors_.end()) return;
  if (!listener.goes_on) found->second->take_the_waiting();
  acceptors_.erase(found);
}

void Doorkeeper::look_again() {
  for (auto& [listener, acceptor] : acceptors_) acceptor->room_made();
}

uint64_t threads_of(const model::Bind& bind, size_t workers) {
  const uint64_t all = ~uint64_t{0} >> (64 - workers);
  return bind.threads & all ? bind.threads & all : all;
}

Worker& Doorkeeper::choose_host(const model::Bind& bind) {
  // The one that accepts is always one of them.
  const uint64_t threads = bind.threads ? threads_of(bind, hosts_.size()) : ~uint64_t{0};
  Worker* emptiest = &own_;
  for (const auto& host : hosts_)
    if (threads >> (host->slot() - 1) & 1 && host->load() < emptiest->load()) emptiest = host.get();
  // Handing a client over costs a wake-up, so not for the sake of one or two.
  const size_t own = own_.load();
  return own <= emptiest->load() + 1 + own / 16 ? own_ : *emptiest;
}

/// False: the frontend's rules have refused it. Those on sessions run now when nothing is to come before.
bool Doorkeeper::follows_rules(Guest& guest) {
  const model::Frontend& settings = guest.config->settings();
  if (!settings.connection_rules.empty()) {
    const Decision decision = run_connection_rules(own_, guest);
    if (decision == Decision::reject || decision == Decision::drop) return false;
  }
  if (guest.expects || settings.session_rules.empty()) return true;
  return run_session_rules(own_, guest) == Decision::pass;
}

void Doorkeeper::let_in(base::Fd client, const live::FrontendConfig& config, live::Listener& listener,
                        const Address& peer) {
  const base::Instant now = base::now();
  admission_.count_connection(config.frontend, now);
  Guest guest{.client = std::move(client),
              .config = &config,
              .listener = &listener,
              .arrival = {.client = peer, .destination = {}, .accepted = now},
              .expects = headers_before(*listener.bind)};
  if (!follows_rules(guest)) {
    guest.client.reset();
    return admission_.release(config.frontend, listener);
  }
  // Here and not by the host, so that the next client already sees the rate.
  if (!guest.expects) admission_.count_session(config.frontend, listener, now);
  choose_host(*listener.bind).host(std::move(guest));
}

}  // namespace ddbproxy::stream
