#include "live/names/resolver.h"

#include <algorithm>
#include <cerrno>
#include <sys/random.h>
#include <sys/socket.h>

namespace ddbproxy::live {

/// A name server and the socket that asks it, made for the first question. The socket is connected: only that server's
/// answers come through.
struct Resolver::Peer : NameServer {
  Peer(Resolver& resolver_of, const model::NameServer& config_of) : NameServer{config_of, {}}, resolver(resolver_of) {}

  bool open();
  void send(const std::vector<unsigned char>& message);
  void on_readable(short);

  Resolver& resolver;
  base::Fd fd;
  net::Event event;
};

/// A name and who waits for it.
struct Resolver::Entry {
  Entry(Resolver& resolver_of, std::string name, RecordType preferred)
      : resolver(resolver_of), resolution(std::move(name), preferred, resolver_of.config_, base::now()) {
    timer.bind<&Entry::on_timer>(resolver.loop_, *this);
  }
  void on_timer();

  Resolver& resolver;
  Resolution resolution;
  uint16_t id = 0;                   ///< of the round that is under way: a late answer to its first question counts
  std::vector<NameClient*> clients;  ///< null: has left
  net::Timer timer;
};

namespace {

uint64_t& counter_of(NameServerCounters& counters, AnswerStatus status) {
  switch (status) {
    case AnswerStatus::valid: return counters.valid;
    case AnswerStatus::empty: return counters.empty;
    case AnswerStatus::nonexistent: return counters.nonexistent;
    case AnswerStatus::refused: return counters.refused;
    case AnswerStatus::other: return counters.other;
    case AnswerStatus::invalid: return counters.invalid;
    case AnswerStatus::truncated: return counters.truncated;
    case AnswerStatus::broken_alias: return counters.broken_aliases;
    case AnswerStatus::silence: return counters.timeout;
  }
  return counters.other;
}

}  // namespace

bool Resolver::Peer::open() {
  if (fd) return true;
  base::Fd made(socket(config.address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made || connect(made.get(), config.address.data(), config.address.size())) return false;
  fd = std::move(made);
  event.watch<&Peer::on_readable>(resolver.loop_, fd.get(), EV_READ | EV_PERSIST, *this);
  return true;
}

void Resolver::Peer::send(const std::vector<unsigned char>& message) {
  if (!open()) {
    ++counters.send_errors;
    return;
  }
  ssize_t sent = ::send(fd.get(), message.data(), message.size(), MSG_NOSIGNAL);
  // The refusal of an earlier question is told to the next call.
  if (sent < 0 && errno == ECONNREFUSED) sent = ::send(fd.get(), message.data(), message.size(), MSG_NOSIGNAL);
  ++(sent < 0 ? counters.send_errors : counters.sent);
}

void Resolver::Peer::on_readable(short) {
  // One byte more than is accepted shows what is too big.
  std::vector<unsigned char> buffer(size_t{resolver.config_.accepted_payload_size} + 1);
  constexpr int most_at_once = 64;  // then others have their turn
  for (int taken = 0; taken < most_at_once; ++taken) {
    const ssize_t length = recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (length < 0 && errno == ECONNREFUSED) continue;
    if (length < 0) return;
    if (static_cast<size_t>(length) == buffer.size()) {
      ++counters.too_big;
      continue;
    }
    const std::span<const unsigned char> message(buffer.data(), static_cast<size_t>(length));
    const auto id = message_id(message);
    if (!id) {
      ++counters.invalid;
    } else if (Entry* entry = resolver.running_entry(*id)) {
      resolver.take(*this, *entry, message);
      resolver.bury();
    } else {
      ++counters.outdated;
    }
  }
}

void Resolver::Entry::on_timer() {
  if (resolution.running()) {
    resolver.follow(*this, resolution.expired());
  } else {
    id = resolver.new_id();
    resolution.begin(resolver.servers_.size());
    resolver.ask(*this);
  }
  resolver.bury();
}

Resolver::Resolver(const model::Resolvers& config, net::Loop& loop) : config_(config), loop_(loop) {
  for (const model::NameServer& server : config.name_servers) servers_.push_back(std::make_unique<Peer>(*this, server));
}

Resolver::~Resolver() = default;

const Resolver::NameServer& Resolver::name_server(size_t index) const { return *servers_[index]; }

Resolver::Entry* Resolver::find(const std::string& name, RecordType preferred) const {
  // Nobody goes on with a round whose askers have all left.
  const auto fits = [&](const auto& entry) {
    return entry->resolution.preferred() == preferred && same_name(entry->resolution.question().name, name) &&
           std::any_of(entry->clients.begin(), entry->clients.end(), [](const auto* client) { return client; });
  };
  const auto found = std::find_if(entries_.begin(), entries_.end(), fits);
  return found == entries_.end() ? nullptr : found->get();
}

const Resolution* Resolver::known(const std::string& name, RecordType preferred) const {
  const Entry* entry = find(name, preferred);
  return entry ? &entry->resolution : nullptr;
}

void Resolver::join(const std::string& name, RecordType preferred, NameClient& client) {
  if (Entry* known = find(name, preferred)) return known->clients.push_back(&client);
  Entry& entry = *entries_.emplace_back(std::make_unique<Entry>(*this, name, preferred));
  entry.clients.push_back(&client);
  if (!stopped_) entry.timer.fire_soon();
}

void Resolver::stop() {
  stopped_ = true;
  for (const auto& entry : entries_) entry->timer.cancel();
  for (const auto& server : servers_) server->event.remove();
}

void Resolver::leave(NameClient& client) {
  // What is empty is buried later: this may be called by one that an entry is telling something.
  for (const auto& entry : entries_) std::replace(entry->clients.begin(), entry->clients.end(), &client, {});
}

void Resolver::bury() {
  for (const auto& entry : entries_) std::erase(entry->clients, nullptr);
  std::erase_if(entries_, [](const auto& entry) { return entry->clients.empty(); });
}

Resolver::Entry* Resolver::running_entry(uint16_t id) {
  for (const auto& entry : entries_)
    if (entry->resolution.running() && entry->id == id) return entry.get();
  return nullptr;
}

/// Ids are hard to guess, since whoever guesses one may answer in a name server's place.
uint16_t Resolver::new_id() {
  uint16_t id = 0;
  do {
    if (getrandom(&id, sizeof id, 0) != sizeof id) ++id;
  } while (running_entry(id));
  return id;
}

void Resolver::ask(Entry& entry) {
  const auto message = encode_question(entry.id, entry.resolution.question(), config_.accepted_payload_size);
  if (message)
    for (const auto& server : servers_) server->send(*message);
  entry.timer.arm(config_.retry);
}

void Resolver::take(Peer& peer, Entry& entry, std::span<const unsigned char> message) {
  NameAnswer answer = read_answer(message, entry.resolution.question());
  ++counter_of(peer.counters, answer.status);
  if (answer.status != AnswerStatus::valid) return follow(entry, entry.resolution.failed(answer.status));
  entry.resolution.succeeded(std::move(answer), base::now());
  end_round(entry);
  tell_resolved(entry, peer);
}

void Resolver::follow(Entry& entry, NextStep step) {
  if (step == NextStep::ask) ask(entry);
  if (step != NextStep::give_up) return;
  end_round(entry);
  tell_failed(entry);
}

void Resolver::end_round(Entry& entry) { entry.timer.arm(config_.resolve); }

// By index: who is told may join or leave, here or elsewhere.
void Resolver::tell_resolved(Entry& entry, Peer& peer) {
  const std::string source = config_.name + "/" + peer.config.name;
  bool first = true;
  for (size_t index = 0; index < entry.clients.size(); ++index) {
    if (NameClient* client = entry.clients[index])
      client->name_resolved(entry.resolution, first ? source : "DNS cache", first ? &peer.counters : nullptr);
    first = false;
  }
}

void Resolver::tell_failed(Entry& entry) {
  for (size_t index = 0; index < entry.clients.size(); ++index)
    if (NameClient* client = entry.clients[index]) client->name_failed(entry.resolution);
}

}  // namespace ddbproxy::live
