// A client's stay in TCP mode.
#include "stream/tcp_stream.h"

#include <algorithm>
#include <cassert>
#include <sys/socket.h>

#include "net/socket.h"

namespace ddbproxy::stream {
namespace {

constexpr base::Instant never = base::Instant::max();

base::Instant later(base::Instant from, const model::Duration& delay) {
  return delay && delay->count() ? from + *delay : never;
}

/// When a side was last heard, or was last heard or told something.
base::Instant own_or_both(base::Instant heard, base::Instant told, bool only_heard) {
  return only_heard ? heard : std::max(heard, told);
}

}  // namespace

TcpStream::TcpStream(Worker& worker, Guest&& guest)
    : worker_(worker),
      listener_(*guest.listener),
      record_(worker.state(), *guest.config, guest.arrival.accepted, guest.arrival.handshake_ms),
      client_address_(guest.arrival.client),
      destination_(guest.arrival.destination),
      client_(std::move(guest.client)),
      extras_(std::move(guest.extras)),
      received_proxy_(guest.arrival.received_proxy) {
  timer_.bind<&TcpStream::on_timer>(worker.loop(), *this);
}

TcpStream::~TcpStream() {
  close_client();
  close_server();
}

std::unique_ptr<Stream> TcpStream::make(Worker& worker, Guest&& guest) {
  return std::make_unique<TcpStream>(worker, std::move(guest));
}

void TcpStream::start() {
  // Once, for both directions and for good: an event costs no system call but the epoll_wait that brings it.
  client_event_.watch_changes<&TcpStream::on_client, &TcpStream::awaited_of_client>(worker_.loop(), client_.get(),
                                                                                    *this);
  if (record_.config().logger.moment() == sample::Moment::accepted) log(true);
  // Read before a server is chosen: who is gone already costs none.
  up_.source_ready();
  up_.run(worker_.pumps(), client_.get(), -1, base::now());
  if (up_.source_failed()) return fail_in_request('C');
  route();
}

/// The client's end stood right behind its beginning, and perhaps what it sent.
void TcpStream::client_had_ended() {
  const bool abort = record_.backend_config().settings().abortonclose, spoke = up_.total() > 0;
  if (phase_ == Phase::queued) {
    if (!spoke) return finish('-', '-');
    if (abort) client_left_early();
  } else if (phase_ == Phase::connecting && abort) {
    // A server that has taken the connection at once will answer what was asked.
    if (!spoke) return finish('-', '-');
    connection_is_made() ? established() : client_left_early();
  }
}

// --- events ---

namespace {

/// libevent tells of an error as READ|WRITE, of an end as CLOSED with them.
bool may_be_failure(short what) { return (what & (EV_READ | EV_WRITE | EV_CLOSED)) == (EV_READ | EV_WRITE); }

void note(short what, net::Flow& from, net::Flow& to) {
  if (may_be_failure(what))
    from.source_ready_or_failed();
  else if (what & EV_READ)
    from.source_ready();
  if (what & EV_CLOSED) from.source_closing();
  if (what & EV_WRITE) to.sink_ready();
}

}  // namespace

void TcpStream::on_client(short what) {
  if (phase_ == Phase::over) return;
  note(what, up_, down_);
  // Its last byte is read: what is readable now can only be a reset.
  if (may_be_failure(what) && up_.source_ended() && net::take_error(client_.get())) return client_broke_off();
  if (phase_ == Phase::established)
    relay();
  else
    client_moved_early();
}

void TcpStream::on_server(short what) {
  if (phase_ == Phase::over) return;
  note(what, down_, up_);
  if (may_be_failure(what) && down_.source_ended() && net::take_error(server_.get())) server_broke_off();
  if (phase_ == Phase::established)
    relay();
  else if (phase_ == Phase::connecting)
    on_connect_decided(what);
}

short TcpStream::awaited_of_client() const {
  return static_cast<short>((up_.awaits_source() ? EV_READ : 0) | (down_.awaits_sink() ? EV_WRITE : 0));
}

short TcpStream::awaited_of_server() const {
  if (phase_ == Phase::connecting) return asked_socks4_ ? EV_READ : EV_READ | EV_WRITE;
  return static_cast<short>((down_.awaits_source() ? EV_READ : 0) | (up_.awaits_sink() ? EV_WRITE : 0));
}

/// Some time after an event that may have told of a failure behind the bytes that were read.
void TcpStream::look_again() {
  if (phase_ == Phase::over) return;
  const bool up = up_.still_in_doubt(), down = down_.still_in_doubt();
  if (!up && !down) {
    if (up_.in_doubt() || down_.in_doubt()) worker_.look_again(*this);
    return;
  }
  if (up) {
    // A blocked flow reads nothing, but who is gone need not be waited for.
    if (up_.holding() && net::take_error(client_.get())) return client_broke_off();
    up_.trust_source();
    up_.source_ready();
  }
  if (down) {
    down_.trust_source();
    down_.source_ready();
  }
  if (phase_ == Phase::established)
    relay();
  else
    client_moved_early();
}

void TcpStream::relay() {
  if (phase_ != Phase::established) return;
  using Outcome = net::Flow::Outcome;
  const base::Instant now = base::now();
  net::PumpPool& pumps = worker_.pumps();
  if (response_held_ && !response_passes()) return;
  // The server's bytes first: what it said before it broke off still belongs to the client.
  const Outcome down = down_.run(pumps, server_.get(), response_held_ ? -1 : client_.get(), now);
  if (down_.last_write == now) up_.trust_source();
  if (down == Outcome::sink_failed) {
    // What the client said before belongs to the server, likewise.
    up_.source_closing();
    if (server_ && !server_failed_) up_.run(pumps, client_.get(), server_.get(), now);
    return client_broke_off();
  }
  if (down == Outcome::source_failed || (server_failed_ && down == Outcome::ended)) {
    server_failed_ = true;
    return finish('S', 'D');
  }
  Outcome up = Outcome::waiting;
  if (server_ && !server_failed_) {
    const bool was_blocked = up_.holding();
    up = up_.run(pumps, client_.get(), server_.get(), now);
    if (up_.last_write == now) down_.trust_source();
    if (up_.source_failed()) return client_broke_off();
    if (up == Outcome::sink_failed) {
      server_broke_off();
      // A client that is stuck in its own request does not read the rest, either.
      return was_blocked && down_.holding() ? finish('S', 'D') : relay();
    }
  }
  if (down == Outcome::ended && (up == Outcome::ended || !server_)) return finish('-', '-');
  if (down == Outcome::ended) forward_end_to_client(now);
  if (up == Outcome::ended && !forward_end_to_server(now)) return;
  if (down == Outcome::more || up == Outcome::more) worker_.again(*this);
  if (up_.in_doubt() || down_.in_doubt()) worker_.look_again(*this);
  if (record_.config().settings().contstats) {
    record_.count(up_.total(), down_.total(), now);
    if (extras_) extras_->count_bytes(up_.total(), down_.total(), now);
  }
  arm(deadline());
}

/// Its connection is broken, and nobody is left to say anything to.
void TcpStream::client_broke_off() {
  client_failed_ = true;
  if (phase_ == Phase::inspecting) return fail_in_request('C');
  if (phase_ == Phase::queued) record_.assigned(base::now());
  finish('C', 'D');
}

/// Its connection is broken; what it said before is still to be read, and then the session is over.
void TcpStream::server_broke_off() {
  server_failed_ = true;
  down_.source_closing();
}

void TcpStream::forward_end_to_client(base::Instant now) {
  if (client_shut_) return;
  client_shut_ = true;
  shutdown(client_.get(), SHUT_WR);
  if (record_.config().proxy.timeouts.client_fin) down_.last_write = now;
}

/// Whether the server has closed its half, as far as can be known by now.
bool TcpStream::server_has_closed(base::Instant now) {
  if (down_.source_closed()) return true;
  down_.source_closing();
  down_.run(worker_.pumps(), server_.get(), client_.get(), now);
  return down_.source_closed();
}

/// False when that was the end of the stream.
bool TcpStream::forward_end_to_server(base::Instant now) {
  if (server_shut_) return true;
  server_shut_ = true;
  if (record_.backend_config().settings().nolinger && !server_has_closed(now)) {
    // As in 2.6: a server that has not closed is reset, and says no more; what it said still goes to the client.
    close_server();
    down_.end_source();
    if (down_.source_failed()) return finish('S', 'D'), false;
    if (down_.holding()) return true;
    finish('-', '-');
    return false;
  }
  shutdown(server_.get(), SHUT_WR);
  if (record_.backend_config().proxy.timeouts.server_fin) up_.last_write = now;
  return true;
}

// --- time ---

void TcpStream::set_deadline(const model::Duration& delay) {
  phase_deadline_ = later(base::now(), delay);
  arm(phase_deadline_);
}

/// Makes sure that the timer fires by then. It may fire earlier: then it is armed again for what remains, which is why
/// activity, which only moves deadlines back, never touches it.
void TcpStream::arm(base::Instant when) {
  if (when >= armed_for_) return;
  armed_for_ = when;
  timer_.arm(std::chrono::ceil<base::Milliseconds>(when - base::now()));
}

base::Instant TcpStream::deadline() const {
  switch (phase_) {
    case Phase::inspecting: return std::min(phase_deadline_, request_deadline());
    case Phase::queued:
    case Phase::connecting:
    case Phase::pausing: return phase_deadline_;
    case Phase::established:
      return std::min({client_deadline(), server_deadline(), response_held_ ? phase_deadline_ : never});
    case Phase::over: break;
  }
  return never;
}

/// The client's time runs while its bytes are awaited, and while it does not take what it is sent.
base::Instant TcpStream::client_deadline() const {
  const model::Proxy& proxy = record_.config().proxy;
  const model::Timeouts& own = proxy.timeouts;
  const model::Duration& tunnel = record_.backend_config().proxy.timeouts.tunnel;
  const model::Duration& limit = client_shut_ && own.client_fin ? own.client_fin : tunnel ? tunnel : own.client;
  base::Instant when = never;
  if (!up_.source_ended() && !up_.holding())
    when = later(own_or_both(up_.last_read, down_.last_write, !client_shut_ && proxy.independent_streams), limit);
  if (down_.holding()) when = std::min(when, later(down_.last_write, limit));
  return when;
}

base::Instant TcpStream::server_deadline() const {
  if (!server_ || server_failed_) return never;
  const model::Proxy& proxy = record_.backend_config().proxy;
  const model::Timeouts& own = proxy.timeouts;
  const model::Duration& limit = server_shut_ && own.server_fin ? own.server_fin : own.tunnel ? own.tunnel : own.server;
  base::Instant when = never;
  if (!down_.source_ended() && !down_.holding())
    when = later(own_or_both(down_.last_read, up_.last_write, !server_shut_ && proxy.independent_streams), limit);
  if (up_.holding()) when = std::min(when, later(up_.last_write, limit));
  return when;
}

void TcpStream::on_timer() {
  armed_for_ = never;
  const base::Instant now = base::now();
  if (const base::Instant due = deadline(); due > now) {
    if (due != never) arm(due);
    return;
  }
  switch (phase_) {
    case Phase::inspecting: return request_deadline() <= now ? fail_in_request('c') : route();
    case Phase::queued:
      record_.assigned(now);
      record_.connection_failed();
      return finish('s', 'Q');
    case Phase::connecting: return attempt_failed('s', false);
    case Phase::pausing: return retry();
    case Phase::established:
      return std::min(client_deadline(), server_deadline()) <= now ? idle_too_long(now) : relay();
    case Phase::over: return;
  }
}

/// A side that was silent too long counts as having ended, and the other may still finish; one that does not take what
/// it is sent cannot be waited for.
void TcpStream::idle_too_long(base::Instant now) {
  const bool client = client_deadline() <= now, server = server_deadline() <= now;
  if (termination_[0] == '-') {
    termination_[0] = client ? 'c' : 's';
    termination_[1] = server_ ? 'D' : 'L';
  }
  if ((client && down_.holding()) || (server && up_.holding())) return finish('-', '-');
  if (client) up_.end_source();
  if (server) down_.end_source();
  relay();
}

// --- the end ---

void TcpStream::kill(Kill why) {
  switch (phase_) {
    case Phase::inspecting: return finish(static_cast<char>(why), 'R');
    case Phase::queued: record_.assigned(base::now()); return finish(static_cast<char>(why), 'Q');
    case Phase::connecting:
    case Phase::pausing:
      if (up_.total()) record_.connection_failed();
      return finish(static_cast<char>(why), 'C');
    case Phase::established: return finish(static_cast<char>(why), why == Kill::no_memory ? 'D' : '-');
    case Phase::over: return;
  }
}

void TcpStream::finish(char who, char stage) {
  assert(phase_ != Phase::over);
  phase_ = Phase::over;
  if (termination_[0] == '-') {
    termination_[0] = who;
    termination_[1] = stage;
  }
  leave_queue();
  record_.leave_backend();
  record_.close({termination_, 2}, up_.total(), down_.total(), base::now());
  if (listener_.counters) {
    listener_.counters->local().bin.add(up_.total());
    listener_.counters->local().bout.add(down_.total());
  }
  if (extras_) extras_->count_bytes(up_.total(), down_.total(), base::now());
  if (!logged_) log(false);
  lease_.drop();  // after the log line, which must not count who gets the slot next
  timer_.cancel();
  up_.discard(worker_.pumps());
  down_.discard(worker_.pumps());
  worker_.retire(*this);
}

// Closed first, sockets have left the poll set by themselves, and taking them out is a call that finds nothing to do.
// Nor can it find another's socket of the same number: only this thread adds to the set.

void TcpStream::close_client() {
  // Closing with bytes unread resets a connection: then the end goes first, behind what was written.
  if (!client_shut_ && !client_failed_ && !up_.source_closed()) shutdown(client_.get(), SHUT_WR);
  if (record_.config().settings().nolinger) net::reset_on_close(client_.get());
  client_.reset();
  client_event_.remove();
}

/// A server that has not closed itself is reset, so that it does not take what it has for all there was; behind an end
/// of ours, unless the client has broken off.
void TcpStream::close_server() {
  if (!server_) return;
  if (!down_.source_closed() && !server_failed_) {
    const bool in_order = record_.reached_server() && !client_failed_ && !record_.backend_config().settings().nolinger;
    if (in_order && !server_shut_) shutdown(server_.get(), SHUT_WR);
    net::reset_on_close(server_.get());
  }
  server_.reset();
  server_event_.remove();
}

void TcpStream::add_uncounted(live::Traffic& sums) const {
  record_.add_uncounted(up_.total(), down_.total(), sums);
  if (listener_.counters) sums.add(&listener_, {up_.total(), down_.total()});
}

}  // namespace ddbproxy::stream
