#include "live/peers/peers_section.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>

#include "base/random.h"
#include "live/state.h"
#include "net/proxy_protocol.h"

namespace ddbproxy::live {
namespace {

using base::Milliseconds;
using sticky::PeerHello;
using sticky::PeerStatus;

/// For each step of learning, and for a stranger to say who it is.
constexpr Milliseconds learning_pause{5000}, longest_hello_wait{5000}, pause_without_descriptors{100};
constexpr size_t most_guests = 100;
/// So many complaints at most in such a time.
constexpr Milliseconds complaints_time{10000};
constexpr uint32_t most_complaints = 20;

}  // namespace

std::string printable(std::string_view said) {
  constexpr size_t most = 64;
  std::string out(said.substr(0, most));
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return out;
}

PeersSection::Guest::Guest(PeersSection& its_section, base::Fd its_fd) : section(its_section), fd(std::move(its_fd)) {
  event.watch<&Guest::readable>(section.loop_, fd.get(), EV_READ | EV_PERSIST, *this);
  timer.bind<&Guest::too_late>(section.loop_, *this);
  timer.arm(longest_hello_wait);
}

void PeersSection::Guest::readable(short) { section.read(*this); }

PeersSection::PeersSection(std::shared_ptr<const model::Peers> config, State& state, net::Loop& loop)
    : config_(std::move(config)), state_(state), loop_(loop) {
  burial_.bind<&PeersSection::bury>(loop_, *this);
  learning_timer_.bind<&PeersSection::learning_time_over>(loop_, *this);
  accepting_timer_.bind<&PeersSection::watch>(loop_, *this);
}

PeersSection::~PeersSection() {
  bury();
  while (Guest* guest = guests_.front()) delete guest;
}

void PeersSection::adopt(std::shared_ptr<const model::Peers> config,
                         const std::vector<Generation::SharedTable>& tables) {
  logger_ = std::make_unique<log::Logger>(config->log, state_.generation().global());
  config_ = std::move(config);
  std::vector<std::unique_ptr<Peer>> next;
  for (size_t i = 0; i < config_->peers.size(); ++i) {
    const model::Peer& wanted = config_->peers[i];
    const bool local = static_cast<int>(i) == config_->local;
    const auto known = std::find_if(peers_.begin(), peers_.end(),
                                    [&](const auto& each) { return each && each->same_as(wanted, local); });
    next.push_back(known != peers_.end() ? std::move(*known) : std::make_unique<Peer>(*this, wanted, local));
  }
  // Those that are gone know the section until they are.
  std::swap(peers_, next);
  for (const auto& gone : next)
    if (gone) gone->stop();
  std::vector<Generation::SharedTable> own;
  for (const Generation::SharedTable& each : tables)
    if (each.section->name == config_->name) own.push_back(each);
  for (const auto& peer : peers_) peer->set_tables(own);
}

void PeersSection::listen(std::vector<base::Fd> sockets) {
  listeners_.clear();
  for (base::Fd& socket : sockets)
    listeners_.push_back(std::unique_ptr<Listener>(new Listener{this, std::move(socket), {}}));
  watch();
}

void PeersSection::watch() {
  if (paused_) return;
  for (const auto& each : listeners_)
    each->event.watch<&Listener::readable>(loop_, each->fd.get(), EV_READ | EV_PERSIST, *each);
}

void PeersSection::pause() {
  paused_ = true;
  for (const auto& each : listeners_) each->event.remove();
}

void PeersSection::go_on() {
  paused_ = false;
  watch();
}

std::vector<int> PeersSection::descriptors() const {
  std::vector<int> fds;
  for (const auto& each : listeners_) fds.push_back(each->fd.get());
  return fds;
}

void PeersSection::start(bool has_predecessor) {
  done_ = false;
  if (has_predecessor) {
    learning_ = Learning::from_predecessor;
    await_lesson();
  } else {
    learn_from_peers();
  }
  start_peers();
}

void PeersSection::start_peers() {
  for (const auto& peer : peers_)
    if (!peer->is_local()) peer->start();
}

void PeersSection::stop() {
  if (stopping_) return;
  stopping_ = true;
  listeners_.clear();
  learning_timer_.cancel();
  while (Guest* guest = guests_.front()) turn_away(*guest, {});
  for (const auto& peer : peers_) peer->stop();
  const auto& binds = config_->bind.listeners;
  if (binds.empty() || binds.front().address.empty()) return teaching_over();
  peers_[static_cast<size_t>(config_->local)]->teach_successor(binds.front().address);
}

void PeersSection::give_up() {
  for (const auto& peer : peers_) peer->stop();
  done_ = true;
}

void PeersSection::tables_changed() {
  ++wakeups_;
  for (const auto& peer : peers_) peer->tables_changed();
}

size_t PeersSection::most_message() const { return state_.model().global.bufsize; }
size_t PeersSection::updates_at_once() const { return state_.model().global.peer_updates_at_once; }

void PeersSection::say(const std::string& text) {
  const base::Instant now = base::now();
  if (now - complaining_since_ > complaints_time) {
    complaining_since_ = now;
    complaints_ = 0;
  }
  if (++complaints_ > most_complaints) {
    ++unsaid_;
    return;
  }
  std::string line = fmt::format("Peers section '{}': {}", config_->name, text);
  if (unsaid_) line += fmt::format(" ({} more complaints were left out before.)", std::exchange(unsaid_, 0));
  (logger_->has_targets() ? *logger_ : state_.generation().logger()).write(log::warning, line);
}

void PeersSection::accept(Listener& listener) {
  constexpr int most_at_once = 16;
  for (int i = 0; i < most_at_once; ++i) {
    base::Fd fd(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return;
      state_.process.accept_failures.fetch_add(1, std::memory_order_relaxed);
      for (const auto& each : listeners_) each->event.remove();
      return accepting_timer_.arm(pause_without_descriptors);
    }
    const uint32_t limit = config_->bind.maxconn;
    if (guest_count_ >= most_guests || (limit && guest_count_ + connected() >= limit)) {
      say("too many connect; a connection is refused.");
      continue;
    }
    guests_.push_back(*new Guest(*this, std::move(fd)));
    ++guest_count_;
  }
}

void PeersSection::read(Guest& guest) {
  char bytes[sticky::longest_hello];
  const ssize_t got = recv(guest.fd.get(), bytes, sizeof bytes, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return turn_away(guest, {});
  guest.received.append(bytes, static_cast<size_t>(got));
  if (!take_header(guest)) return;
  const PeerHello hello = sticky::read_peer_hello(guest.received);
  switch (hello.state) {
    case PeerHello::State::incomplete: return;
    case PeerHello::State::malformed: return turn_away(guest, "somebody who is no peer", PeerStatus::protocol_error);
    case PeerHello::State::read: return greet(guest, hello);
  }
}

/// `accept-proxy`: only what stands behind the header is said by the peer.
bool PeersSection::take_header(Guest& guest) {
  if (std::exchange(guest.introduced, true) || !config_->bind.accept_proxy) return true;
  const net::ProxyHeader header = net::parse_proxy_header(guest.received);
  if (header.outcome != net::ProxyHeaderOutcome::addressed && header.outcome != net::ProxyHeaderOutcome::local) {
    say(fmt::format("a connection is closed: {}.", net::proxy_header_error(header.outcome)));
    turn_away(guest, {});
    return false;
  }
  guest.received.erase(0, header.length);
  return true;
}

void PeersSection::greet(Guest& guest, const PeerHello& hello) {
  if (!hello.right_protocol) return turn_away(guest, "somebody who is no peer", PeerStatus::protocol_error);
  if (hello.major != sticky::peer_version_major)
    return turn_away(guest, fmt::format("a peer of version {}.{}", hello.major, hello.minor), PeerStatus::bad_version);
  if (hello.to != config_->local_name)
    return turn_away(guest, fmt::format("a peer that looks for '{}'", printable(hello.to)), PeerStatus::unknown_local);
  const auto found =
      std::find_if(peers_.begin(), peers_.end(), [&](const auto& each) { return each->config().name == hello.from; });
  if (found == peers_.end())
    return turn_away(guest, fmt::format("an unknown peer, '{}'", printable(hello.from)), PeerStatus::unknown_remote);
  Peer& peer = **found;
  std::string rest = guest.received.substr(hello.size);
  guest.event.remove();
  base::Fd fd = std::move(guest.fd);
  turn_away(guest, {});
  peer.adopt(std::move(fd), hello.minor, std::move(rest));
}

void PeersSection::turn_away(Guest& guest, std::string_view why, PeerStatus status) {
  if (!why.empty()) {
    say(fmt::format("{} has connected, and was refused ({}).", why, static_cast<int>(status)));
    const std::string text = fmt::format("{}\n", static_cast<int>(status));
    [[maybe_unused]] const ssize_t told = send(guest.fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }
  guest.event.remove();
  guest.timer.cancel();
  guest.fd.reset();
  --guest_count_;
  retired_.push_back(guest);
  burial_.fire_soon();
}

void PeersSection::bury() {
  while (Guest* guest = retired_.front()) delete guest;
}

/// A step of learning begins.
void PeersSection::await_lesson() {
  learns_until_ = base::now() + learning_pause;
  learning_timer_.arm(learning_pause);
}

void PeersSection::learn_from_peers() {
  learning_ = Learning::from_peers;
  await_lesson();
  choose_teacher();
}

/// One that is connected, and has not said yet that it does not know all itself.
void PeersSection::choose_teacher() {
  if (learning_ != Learning::from_peers || teacher_ || stopping_) return;
  std::vector<Peer*> able;
  for (const auto& peer : peers_)
    if (peer->established() && !peer->is_local() && !peer->taught_partially()) able.push_back(peer.get());
  if (able.empty()) return;
  teacher_ = able[std::uniform_int_distribution<size_t>(0, able.size() - 1)(base::random_generator())];
  learning_timer_.cancel();
  teacher_->ask_for_lesson();
}

void PeersSection::peer_lost(Peer& peer) {
  if (stopping_) return;
  if (peer.is_local() && learning_ == Learning::from_predecessor) learning_timer_.arm(learning_pause);
  if (teacher_ != &peer) return;
  teacher_ = nullptr;
  await_lesson();
  choose_teacher();
}

void PeersSection::lesson_over(Peer& peer, bool complete) {
  const bool expected = peer.is_local() ? learning_ == Learning::from_predecessor : teacher_ == &peer;
  if (!expected) return;
  teacher_ = nullptr;
  if (complete) {
    learning_ = Learning::done;
    learning_timer_.cancel();
    for (const auto& each : peers_) each->forget_partial_lesson();
    return;
  }
  await_lesson();
  choose_teacher();
}

void PeersSection::learning_time_over() {
  if (learning_ == Learning::from_predecessor) return learn_from_peers();
  // Nobody knows more than we do.
  if (!teacher_) learning_ = Learning::done;
}

size_t PeersSection::connected() const {
  return static_cast<size_t>(
      std::count_if(peers_.begin(), peers_.end(), [](const auto& each) { return each->established(); }));
}

size_t PeersSection::active() const {
  return static_cast<size_t>(
      std::count_if(peers_.begin(), peers_.end(), [](const auto& each) { return each->state() != Peer::State::idle; }));
}

}  // namespace ddbproxy::live
