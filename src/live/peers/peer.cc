#include "live/peers/peer.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/random.h"
#include "live/peers/peers_section.h"
#include "net/connector.h"
#include "net/socket.h"

namespace ddbproxy::live {
namespace {

using base::Milliseconds;
using sticky::PeerMessage;
using sticky::PeerReading;

// haproxy's times.
constexpr Milliseconds reconnect_pause{5000}, heartbeat_pause{3000}, longest_silence{5000}, successor_pause{500};
/// For a connection to be made and greeted, and for what was written to move on.
constexpr Milliseconds longest_handshake{5000}, longest_stall{5000};
/// While so much is still to be sent, nothing is added.
constexpr size_t most_unsent = 65536;
constexpr size_t read_at_once = 65536;
constexpr int teaching_tries = 3;

/// As `show peers` names what the other end said when it was connected to.
std::string_view status_name(std::string_view status) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {{"200", "ESTA"}, {"300", "RETR"}, {"501", "PROT"},
                                                                     {"502", "VERS"}, {"503", "NAME"}, {"504", "UNKN"}};
  for (const auto& [code, name] : names)
    if (code == status) return name;
  return "NONE";
}

/// After a silence; two that lost each other so do not both try again at the same moment.
Milliseconds random_pause() {
  return Milliseconds(std::uniform_int_distribution<int>(50, 2050)(base::random_generator()));
}

}  // namespace

Peer::Peer(PeersSection& section, const model::Peer& config, bool local)
    : section_(section), config_(config), local_(local) {
  timer_.bind<&Peer::on_timer>(section_.loop(), *this);
  more_.bind<&Peer::tables_changed>(section_.loop(), *this);
}

void Peer::set_tables(const std::vector<Generation::SharedTable>& tables) {
  std::vector<std::unique_ptr<PeerTableState>> next;
  uint64_t number = 0;
  for (const auto& each : tables_) number = std::max(number, each->id);
  for (const Generation::SharedTable& shared : tables) {
    const auto known = std::find_if(tables_.begin(), tables_.end(),
                                    [&](const auto& each) { return each && each->table == shared.table; });
    next.push_back(known != tables_.end() ? std::move(*known) : std::make_unique<PeerTableState>(shared, ++number));
  }
  tables_ = std::move(next);
  const auto gone = [&](const PeerTableState* state) {
    return std::none_of(tables_.begin(), tables_.end(), [&](const auto& each) { return each.get() == state; });
  };
  if (gone(reading_)) reading_ = nullptr;
  if (gone(telling_)) telling_ = nullptr;
  if (established()) tables_changed();
}

void Peer::start() {
  if (std::exchange(wanted_, true)) return;
  if (state_ != State::idle || config_.address.empty()) return;
  connect(config_.address);
  arm();
}

void Peer::stop() {
  wanted_ = false;
  teaching_ = Teaching::none;
  close();
  reconnect_at_.reset();
  timer_.cancel();
}

void Peer::connect(const Address& address) {
  close();
  last_status_ = "CONN";
  reconnect_at_.reset();
  net::ConnectOptions options;
  options.tcp_ut = config_.tcp_ut;
  net::ConnectStart started = net::start_connect(address, options);
  if (!started) return lost("cannot connect", reconnect_pause);
  fd_ = std::move(started.fd);
  state_ = State::connecting;
  connect_by_ = base::now() + longest_handshake;
  watch();
}

void Peer::watch() {
  const bool writes = state_ == State::connecting || sent_ < out_.size();
  const auto wanted = static_cast<short>(EV_READ | EV_PERSIST | (writes ? EV_WRITE : 0));
  if (watched_ == wanted) return;
  watched_ = wanted;
  event_.watch<&Peer::on_event>(section_.loop(), fd_.get(), wanted, *this);
}

void Peer::on_event(short what) {
  if (state_ == State::connecting) {
    if (!(what & EV_WRITE)) return;
    if (net::take_error(fd_.get())) return lost("cannot connect", reconnect_pause);
    state_ = State::greeting;
    ++counters_.connections;
    out_ = sticky::peer_hello(config_.name, section_.config().local_name, getpid(), offered_);
  } else if (what & EV_READ) {
    read();
  }
  if (!fd_) return;
  if (established()) return tables_changed();
  if (flush()) watch();
}

void Peer::read() {
  const size_t before = in_.size();
  in_.resize(before + read_at_once);
  const ssize_t got = recv(fd_.get(), in_.data() + before, read_at_once, 0);
  in_.resize(before + static_cast<size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return lost("the connection is gone", reconnect_pause);
  if (state_ == State::greeting && !take_status()) return;
  if (established()) take_messages();
}

/// What the one says to whom we have connected: "200\n".
bool Peer::take_status() {
  const size_t end = in_.find('\n');
  constexpr size_t longest_status = 16;
  if (end == in_.npos) {
    if (in_.size() > longest_status) protocol_error("is no peer");
    return false;
  }
  const std::string status = in_.substr(0, std::min<size_t>(end, 3));
  in_.erase(0, end + 1);
  last_handshake_ = base::now();
  last_status_ = status_name(status);
  if (status == "200") {
    begin_session(offered_);
    return true;
  }
  // An old one, which has no heartbeats, is greeted as it wants to be; and the next time as we would.
  offered_ = status == "502" && offered_ ? 0 : sticky::peer_version_minor;
  const bool for_now = status == "300";
  if (!for_now) section_.say(fmt::format("peer '{}' refuses us ({}).", config_.name, printable(status)));
  lost("", reconnect_pause);
  return false;
}

void Peer::adopt(base::Fd fd, int minor, std::string received) {
  if (connected() || state_ == State::connecting) {
    ++counters_.collisions;
    close();
  }
  reconnect_at_.reset();
  fd_ = std::move(fd);
  ++counters_.connections;
  in_ = std::move(received);
  out_ = fmt::format("{}\n", static_cast<int>(sticky::PeerStatus::succeeded));
  begin_session(minor);
  if (established()) take_messages();
  if (established()) tables_changed();
}

void Peer::begin_session(int minor) {
  state_ = State::established;
  minor_ = minor;
  last_status_ = "ESTA";
  last_handshake_ = base::now();
  connect_by_.reset();
  silent_at_ = base::now() + longest_silence;
  heartbeat_at_ = base::now() + heartbeat_pause;
  if (teaching_ == Teaching::connecting) {
    teaching_ = Teaching::lesson;
    lesson_asked_ = true;
    for (const auto& each : tables_) each->cursor.rewind();
  }
  section_.choose_teacher();
  arm();
}

void Peer::take_messages() {
  std::string_view rest = in_;
  const size_t most = section_.most_message();
  for (;;) {
    PeerMessage message;
    switch (sticky::take_peer_message(rest, most, message)) {
      case PeerReading::incomplete: in_.erase(0, in_.size() - rest.size()); return;
      case PeerReading::too_long: return protocol_error("says something too long", PeerMessage::size_limit);
      case PeerReading::malformed: return protocol_error("says something malformed");
      case PeerReading::message: break;
    }
    silent_at_ = base::now() + longest_silence;
    if (!take(message)) return;
  }
}

bool Peer::take(const PeerMessage& message) {
  switch (message.kind) {
    case PeerMessage::control: return take_control(message.type);
    case PeerMessage::error:
      section_.say(
          fmt::format("peer '{}' says that we {}.", config_.name,
                      message.type == PeerMessage::size_limit ? "said something too long" : "broke the protocol"));
      lost("", reconnect_pause);
      return false;
    case PeerMessage::table: return take_table_message(message);
    // What later versions may say is passed over.
    default: return true;
  }
}

bool Peer::take_control(uint8_t type) {
  switch (type) {
    case PeerMessage::resync_request:
      if (lesson_asked_) break;  // it is under way
      lesson_asked_ = true;
      awaits_confirmation_ = false;
      for (const auto& each : tables_) each->cursor.rewind();
      break;
    case PeerMessage::resync_finished:
    case PeerMessage::resync_partial:
      ++confirmations_;
      taught_partially_ = type == PeerMessage::resync_partial;
      section_.lesson_over(*this, type == PeerMessage::resync_finished);
      break;
    case PeerMessage::resync_confirm:
      awaits_confirmation_ = false;
      if (teaching_ == Teaching::lesson && !lesson_asked_) {
        end_teaching();
        return false;
      }
      break;
    case PeerMessage::heartbeat: ++counters_.heartbeats_received; break;
    default: break;
  }
  return true;
}

bool Peer::define_table(std::string_view body) {
  const auto read = sticky::read_definition(body);
  if (!read) return protocol_error("defines a table that nobody understands"), false;
  reading_ = nullptr;
  for (const auto& each : tables_) {
    if (each->theirs && each->theirs->id == read->id) each->theirs.reset();
    if (each->name != read->name || !read->understood || !sticky::has_keys_of(*read, *each->table)) continue;
    each->theirs = *read;
    each->theirs->name = {};
    reading_ = each.get();
  }
  return true;
}

bool Peer::acknowledge(std::string_view body) {
  const auto read = sticky::read_acknowledgement(body);
  if (!read) return protocol_error("acknowledges nothing"), false;
  for (const auto& each : tables_) {
    if (each->id != read->table) continue;
    // Of what was never sent nothing can have arrived.
    if (static_cast<int32_t>(each->pushed - read->update) < 0) break;
    each->acknowledged = read->update;
    if (each->checkpoint && static_cast<int32_t>(read->update - each->checkpoint->pushed) >= 0) {
      each->confirmed = each->checkpoint->change;
      each->checkpoint.reset();
    }
  }
  return true;
}

bool Peer::take_table_message(const PeerMessage& message) {
  switch (message.type) {
    case PeerMessage::definition: return define_table(message.body);
    case PeerMessage::switch_to: {
      const auto id = sticky::read_table_id(message.body);
      if (!id) return protocol_error("names no table"), false;
      reading_ = nullptr;
      for (const auto& each : tables_)
        if (each->theirs && each->theirs->id == *id) reading_ = each.get();
      return true;
    }
    case PeerMessage::acknowledgement: return acknowledge(message.body);
    case PeerMessage::update:
    case PeerMessage::next_update:
    case PeerMessage::timed_update:
    case PeerMessage::timed_next_update: break;
    default: return true;
  }
  // A table that only they have.
  if (!reading_) return true;
  const auto result = sticky::read_update(message, *reading_->theirs, *reading_->table, sticky::tick_of(base::now()),
                                          reading_->received, received_names_);
  if (result == sticky::UpdateReading::malformed) return protocol_error("sends a malformed entry"), false;
  reading_->owes_acknowledgement = true;
  return true;
}

void Peer::protocol_error(std::string_view what, uint8_t answer) {
  ++counters_.protocol_errors;
  section_.say(fmt::format("peer '{}' {}; the connection is closed.", config_.name, what));
  if (established() && sent_ == out_.size()) {
    std::string last;
    sticky::append_error(last, answer);
    [[maybe_unused]] const ssize_t told = send(fd_.get(), last.data(), last.size(), MSG_NOSIGNAL);
  }
  lost("", reconnect_pause);
}

void Peer::ask_for_lesson() {
  asks_ = true;
  more_.fire_soon();
}

void Peer::tables_changed() {
  if (!established()) return;
  const bool more = fill();
  if (!flush()) return;
  watch();
  // Others have their turn; while the other end does not read, its socket says when there is room.
  if (more && sent_ == out_.size()) more_.fire_soon();
  arm();
}

bool Peer::fill() {
  size_t left = section_.updates_at_once();
  while (out_.size() - sent_ < most_unsent) {
    if (asks_) {
      asks_ = false;
      sticky::append_control(out_, PeerMessage::resync_request);
    }
    for (; confirmations_; confirmations_ = 0) sticky::append_control(out_, PeerMessage::resync_confirm);
    for (const auto& each : tables_) {
      if (!each->owes_acknowledgement || !each->theirs) continue;
      each->owes_acknowledgement = false;
      sticky::append_acknowledgement(out_, each->theirs->id, each->received);
    }
    if (lesson_asked_) {
      if (fill_tables(left, true)) return true;
      lesson_asked_ = false;
      awaits_confirmation_ = true;
      sticky::append_control(out_, section_.up_to_date() ? PeerMessage::resync_finished : PeerMessage::resync_partial);
      if (teaching_ == Teaching::lesson) connect_by_ = base::now() + longest_handshake;
    }
    // Our predecessor ends soon, and our successor has been told everything.
    if (awaits_confirmation_ || local_) return false;
    return fill_tables(left, false);
  }
  return true;
}

/// True: there is more to be told than fits now.
bool Peer::fill_tables(size_t& left, bool lesson) {
  const sticky::Tick now = sticky::tick_of(base::now());
  for (const auto& each : tables_) {
    if (lesson && !each->cursor.in_lesson()) continue;
    const uint64_t changes = each->table->changes();
    const auto define = [&] {
      if (telling_ == each.get() && told_table_) return;
      telling_ = each.get();
      told_table_ = true;
      sticky::append_definition(out_, each->id, each->name, *each->table);
    };
    if (lesson) define();
    for (;;) {
      if (!left || out_.size() - sent_ >= most_unsent) return true;
      constexpr size_t piece = 16;  // so that the limit of the buffer is not passed by much
      const size_t most = std::min(left, piece);
      const size_t taken = each->cursor.take(most, [&](const sticky::Entry& entry) {
        define();
        sticky::append_update(out_, ++each->pushed, *each->table, entry, now, lesson && minor_ >= 1, sent_names_);
      });
      left -= taken;
      if (taken == most) continue;
      break;
    }
    if (!each->checkpoint && each->pushed != each->acknowledged) each->checkpoint = {each->pushed, changes};
  }
  return false;
}

/// Writes what it can; false when the connection was ended.
bool Peer::flush() {
  while (sent_ < out_.size()) {
    const ssize_t wrote = send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (wrote < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (wrote <= 0) return lost("the connection is gone", reconnect_pause), false;
    sent_ += static_cast<size_t>(wrote);
    stalled_at_.reset();
    heartbeat_at_ = base::now() + heartbeat_pause;
  }
  if (sent_ == out_.size()) {
    out_.clear();
    sent_ = 0;
    stalled_at_.reset();
  } else {
    if (sent_ >= most_unsent) {
      out_.erase(0, sent_);
      sent_ = 0;
    }
    if (!stalled_at_) stalled_at_ = base::now() + longest_stall;
  }
  return true;
}

void Peer::close() {
  const bool was_established = established();
  event_.remove();
  watched_ = 0;
  fd_.reset();
  more_.cancel();
  state_ = State::idle;
  in_.clear();
  out_.clear();
  in_.shrink_to_fit();
  out_.shrink_to_fit();
  sent_ = 0;
  lesson_asked_ = awaits_confirmation_ = asks_ = told_table_ = false;
  confirmations_ = 0;
  reading_ = telling_ = nullptr;
  sent_names_.clear();
  received_names_.clear();
  connect_by_.reset();
  silent_at_.reset();
  stalled_at_.reset();
  for (const auto& each : tables_) {
    each->theirs.reset();
    each->owes_acknowledgement = false;
    each->checkpoint.reset();
    if (!was_established) continue;
    // From the last point that is known to have arrived.
    each->cursor.drop_lesson();
    if (each->pushed != each->acknowledged) each->cursor.go_back(each->confirmed);
  }
  if (was_established) section_.peer_lost(*this);
}

void Peer::lost(std::string_view why, Milliseconds retry) {
  if (established() && !why.empty() && teaching_ == Teaching::none && !local_)
    section_.say(fmt::format("peer '{}': {}.", config_.name, why));
  close();
  if (teaching_ != Teaching::none) return teaching_failed();
  if (wanted_ && !config_.address.empty()) reconnect_at_ = base::now() + retry;
  arm();
}

void Peer::on_timer() {
  const Clock now = base::now();
  if (has_passed(reconnect_at_, now)) {
    reconnect_at_.reset();
    if (state_ == State::idle) connect(teaching_ == Teaching::connecting ? successor_ : config_.address);
  } else if (has_passed(connect_by_, now)) {
    lost("cannot connect", reconnect_pause);
  } else if (established() && has_passed(stalled_at_, now)) {
    section_.say(fmt::format("peer '{}' does not read what it is told; the connection is closed.", config_.name));
    lost("", reconnect_pause);
  } else if (established() && minor_ >= 1 && has_passed(silent_at_, now)) {
    ++counters_.silences;
    section_.say(fmt::format("peer '{}' is silent; the connection is closed.", config_.name));
    lost("", random_pause());
  } else if (established() && heartbeat_at_ <= now) {
    heartbeat_at_ = now + heartbeat_pause;
    if (minor_ >= 1 && sent_ == out_.size()) {
      ++counters_.heartbeats_sent;
      sticky::append_control(out_, PeerMessage::heartbeat);
      if (!flush()) return;
      watch();
    }
  }
  arm();
}

void Peer::arm() {
  std::optional<Clock> next = reconnect_at_;
  const auto consider = [&](std::optional<Clock> when) {
    if (when && (!next || *when < *next)) next = when;
  };
  consider(connect_by_);
  if (established()) {
    consider(heartbeat_at_);
    consider(stalled_at_);
    if (minor_ >= 1) consider(silent_at_);
  }
  if (!next) return timer_.cancel();
  timer_.arm(std::chrono::ceil<Milliseconds>(std::max(*next - base::now(), Clock::duration::zero())));
}

void Peer::teach_successor(const Address& address) {
  successor_ = address;
  teaching_ = Teaching::connecting;
  teaching_tries_ = 0;
  connect(successor_);
  arm();
}

/// It may not listen yet, or there is none.
void Peer::teaching_failed() {
  if (++teaching_tries_ >= teaching_tries) return end_teaching();
  teaching_ = Teaching::connecting;
  reconnect_at_ = base::now() + successor_pause;
  arm();
}

void Peer::end_teaching() {
  stop();
  section_.teaching_over();
}

}  // namespace ddbproxy::live
