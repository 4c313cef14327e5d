// A TCP stream's way from the choice of a server to a connection, and what it says there first.
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

#include "live/connect_failure.h"
#include "live/proxy_fields.h"
#include "net/connector.h"
#include "net/network_namespace.h"
#include "net/proxy_protocol.h"
#include "net/socket.h"
#include "net/socks4.h"
#include "stream/retry.h"
#include "stream/splicing.h"
#include "stream/tcp_stream.h"

namespace ddbproxy::stream {
namespace {

/// Whether sessions go to one address that is no server's.
bool goes_directly(const model::Backend& backend) { return backend.transparent || !backend.dispatch.empty(); }

}  // namespace

/// `previous`: the server that the last attempt failed on; `kept`: the same, where no other may be tried.
void TcpStream::assign(const live::Server* previous, live::Server* kept) {
  live::Backend& backend = *record_.backend();
  const live::BackendConfig& config = record_.backend_config();
  const Address client = client_address_.expand();
  const bool tied = is_deterministic(config.settings().balance.algorithm);
  live::Server* const wanted = previous ? kept : wanted_server();
  if (!wanted && goes_directly(config.settings())) return go_directly();
  if (!kept) tied_ = wanted != nullptr;
  live::Assignment assignment = backend.assign({.client = &client,
                                                .avoid = tied ? nullptr : previous,
                                                .previous = previous,
                                                .wanted = wanted,
                                                .hash = balance_hash(),
                                                .priority = extras_ ? extras_->priority : live::Priority()},
                                               *this, worker_.loop());
  switch (assignment.kind) {
    case live::Assignment::Kind::leased: return use(std::move(assignment.lease));
    case live::Assignment::Kind::queued: {
      phase_ = Phase::queued;
      place_ = std::move(assignment.place);
      const model::Timeouts& timeouts = config.proxy.timeouts;
      return set_deadline(timeouts.queue ? timeouts.queue : timeouts.connect);
    }
    case live::Assignment::Kind::full:
      record_.set_server(*assignment.server);
      record_.connection_failed();
      return finish('S', 'Q');
    case live::Assignment::Kind::none: record_.connection_failed(); return finish('S', 'C');
  }
}

void TcpStream::granted(live::Lease lease) {
  leave_queue();
  if (lease) return use(std::move(lease));
  record_.connection_failed();
  finish('S', 'C');
}

void TcpStream::leave_queue() {
  if (!place_) return;
  place_.leave();
  record_.queued_at(place_.server_queue_position(), place_.backend_queue_position());
}

void TcpStream::use(live::Lease lease) {
  lease_ = std::move(lease);
  record_.assigned(base::now());
  if (previous_server_) {
    if (lease_.server() != previous_server_) {
      record_.redispatch_from(*previous_server_);
    } else {
      record_.set_server(*previous_server_);
      record_.retry_on_same();
    }
    previous_server_ = nullptr;
  }
  connect();
}

/// `dispatch` and `option transparent`: there is no server.
void TcpStream::go_directly() {
  record_.assigned(base::now());
  record_.no_server();
  direct_ = true;
  connect();
}

/// Where the connection shall lead to.
Address TcpStream::target() const {
  const model::Backend& settings = record_.backend_config().settings();
  if (!direct_) return address_of(*lease_.server());
  return settings.dispatch.empty() ? destination() : settings.dispatch;
}

/// Where connections to this server lead to, which may depend on what the client asked for.
Address TcpStream::address_of(const live::Server& server) const {
  const model::Server& config = server.config();
  Address to = server.address();
  if (!config.port_relative && !to.is_any()) return to;
  const Address wanted = destination();
  const uint16_t port = config.port_relative ? static_cast<uint16_t>(wanted.port() + config.port_offset) : to.port();
  // A server of no particular address is the one that the client asked for.
  if (to.is_any() && wanted.is_ip()) to = wanted;
  to.set_port(port);
  return to;
}

/// That its PROXY header names, if any line of the configuration does, too; else that it came in by.
std::string_view TcpStream::client_namespace() const {
  if (!extras_ || extras_->proxy_namespace.empty()) return listener_.bind->network_namespace;
  return net::knows_network_namespace(extras_->proxy_namespace) ? std::string_view(extras_->proxy_namespace) : "";
}

void TcpStream::connect() {
  static const model::Server no_server;
  const model::Server& config = lease_ ? lease_.server()->config() : no_server;
  const base::Instant now = base::now();
  record_.attempt(lease_.server(), now);
  const Address to = target();
  Address client;
  proxy_header_ = config.proxy_header;
  through_socks4_ = !config.socks4.empty();
  asked_socks4_ = false;
  const model::Backend& settings = record_.backend_config().settings();
  const model::Global& global = record_.config().generation.global();
  net::ConnectOptions options;
  options.source = config.source ? &*config.source : settings.source ? &*settings.source : nullptr;
  if (options.source && options.source->as != model::Source::As::self) {
    client = client_address_.expand();
    options.client = &client;
  }
  if (through_socks4_) options.socks4 = &config.socks4;
  options.network_namespace = config.client_namespace ? client_namespace() : config.network_namespace;
  options.keep_alive = &settings.keep_alive;
  options.tcp_ut = config.tcp_ut;
  options.smart_connect = settings.tcp_smart_connect;
  options.fast_open = config.tfo;
  options.receive_buffer = static_cast<int>(global.rcvbuf_server);
  options.send_buffer = static_cast<int>(global.sndbuf_server);
  // As in 2.6, a header of HTTP that is to tell the source is an error where there is none.
  if (options.source && options.source->as == model::Source::As::header) {
    record_.connection_failed();
    lease_.drop();
    return finish('I', 'C');
  }
  net::ConnectStart start = net::start_connect(to, options);
  if (!start) {
    live::report_connect_failure(*record_.backend(), to, start, worker_.state().process.maxsock);
    return attempt_failed('S', false);
  }
  record_.begun(now);
  server_ = std::move(start.fd);
  phase_ = Phase::connecting;
  set_deadline(record_.backend_config().proxy.timeouts.connect);
  server_event_.watch_changes<&TcpStream::on_server, &TcpStream::awaited_of_server>(worker_.loop(), server_.get(),
                                                                                    *this);
}

void TcpStream::on_connect_decided(short what) {
  if (asked_socks4_) return on_socks4_answer();
  // An error would have made it readable too.
  if (!(what & EV_READ)) return through_socks4_ ? ask_socks4() : established();
  const int error = net::take_error(server_.get());
  if (error && (through_socks4_ || (error != ECONNRESET && error != EPIPE))) return attempt_failed('S', true);
  if (through_socks4_) return ask_socks4();
  // Only a connection that was made can be reset: the server took it, so there is nothing to retry. What it said before
  // is still there.
  if (error) server_broke_off();
  established();
}

/// The connection to the SOCKS4 proxy is made. Nothing is said to the server before the proxy has reached it.
void TcpStream::ask_socks4() {
  const std::string request = net::socks4_request(target());
  asked_socks4_ = true;
  if (send(server_.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return attempt_failed('S', true);
  on_socks4_answer();
}

void TcpStream::on_socks4_answer() {
  // Looked at until it is whole; what follows it is the server's.
  char answer[net::socks4_answer_size];
  const ssize_t n = recv(server_.get(), answer, sizeof answer, MSG_PEEK);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return attempt_failed('S', true);
  const std::string_view whole(answer, static_cast<size_t>(n));
  // As in 2.6, one that was cut short is waited for until the time is up.
  if (whole.size() < sizeof answer) return;
  if (!net::grants_socks4(whole) || recv(server_.get(), answer, sizeof answer, 0) < 0) return attempt_failed('S', true);
  through_socks4_ = asked_socks4_ = false;
  established();
}

void TcpStream::attempt_failed(char who, bool refused) {
  if (lease_) lease_.server()->report_connection(false);
  server_event_.remove();
  server_.reset();
  lease_.drop();
  const live::BackendConfig& backend = record_.backend_config();
  Retry plan =
      plan_retry(backend.settings(), record_.retries() + 1, refused, record_.backend()->active_servers(), tied_);
  // A server that is down is left at the first retry, though not before its pause is over.
  if (plan.where == Retry::Where::same_server && backend.settings().redispatch && !direct_ &&
      !record_.server()->eligible())
    plan.where = Retry::Where::any_server;
  // Where there is no server, there is no other.
  if ((forced_ || direct_) && plan.where == Retry::Where::any_server) plan = {Retry::Where::same_server, refused};
  if (plan.where == Retry::Where::nowhere) {
    record_.connection_failed();
    return finish(who, 'C');
  }
  record_.one_more_retry();
  retry_anywhere_ = plan.where == Retry::Where::any_server;
  if (!retry_anywhere_) record_.retry_on_same();
  phase_ = Phase::pausing;
  // Even without a pause through the loop, so that many retries do not grow the stack.
  phase_deadline_ = plan.pause ? base::now() + retry_pause(backend.proxy.timeouts) : base::now();
  if (plan.pause)
    arm(phase_deadline_);
  else
    timer_.fire_soon();
}

void TcpStream::retry() {
  live::Server* const server = record_.server();
  if (direct_) return connect();
  if (!retry_anywhere_) {
    lease_ = record_.backend()->retake(*server);
    if (lease_) return connect();
  } else {
    previous_server_ = server;
  }
  record_.no_server();
  // One that is full by now is waited for.
  assign(server, retry_anywhere_ ? nullptr : server);
}

void TcpStream::established() {
  if (lease_) lease_.server()->report_connection(true);
  const base::Instant now = base::now();
  record_.connected(now);
  phase_ = Phase::established;
  // Idle times begin now: a client that waited long for its server is not idle for that.
  up_.last_read = up_.last_write = down_.last_read = down_.last_write = now;
  const model::Proxy &frontend = record_.config().proxy, &backend = record_.backend_config().proxy;
  up_.splice(splicing(frontend, backend, &model::Proxy::splice_request));
  down_.splice(splicing(frontend, backend, &model::Proxy::splice_response));
  if (!server_failed_ && !send_proxy_header()) return attempt_failed('S', true);
  if (!logged_ && record_.config().logger.moment() == sample::Moment::connected) log(true);
  response_held_ = !record_.backend_config().settings().response_rules.empty();
  if (!response_held_) learn();
  relay();
}

bool TcpStream::send_proxy_header() {
  if (!proxy_header_.sent()) return true;
  using Options = model::ProxyHeaderOptions;
  const Address client = client_address_.expand(), to = destination();
  net::ProxyFields fields = live::fields_of(proxy_header_);
  if (proxy_header_.has(Options::v2) && proxy_header_.has(Options::unique_id))
    fields.unique_id = evaluation().unique_id();
  fields.network_namespace = client_namespace();
  const std::string header =
      proxy_header_.has(Options::v2) ? net::proxy_header_v2(client, to, fields) : net::proxy_header_v1(client, to);
  // The first bytes of a connection always fit: a short write means that it is broken.
  const ssize_t sent = send(server_.get(), header.data(), header.size(), MSG_NOSIGNAL | (up_.holding() ? MSG_MORE : 0));
  return sent == static_cast<ssize_t>(header.size());
}

/// Whether what connect() began has succeeded by now, without its event.
bool TcpStream::connection_is_made() {
  if (through_socks4_) return false;
  pollfd answer{server_.get(), POLLOUT, 0};
  return poll(&answer, 1, 0) == 1 && !(answer.revents & POLLERR);
}

/// The client sends, ends or breaks off before there is a server. What it sends is read ahead, as much as one pump
/// holds.
void TcpStream::client_moved_early() {
  const bool ended_before = up_.source_ended();
  up_.run(worker_.pumps(), client_.get(), -1, base::now());
  const bool failed = up_.source_failed();
  if (up_.in_doubt()) worker_.look_again(*this);
  if (phase_ == Phase::inspecting) return failed ? fail_in_request('C') : route();
  if (!failed && (!up_.source_ended() || ended_before)) return;
  // The server's answer may be in the same batch of events; then there was a connection, and it takes what was sent.
  const bool spoke = up_.total() > 0;
  if (phase_ == Phase::connecting && (spoke || !failed) && connection_is_made()) return established();
  if (failed) return client_broke_off();
  // A client that sent something may wait for the answer with its own side closed; one that sent nothing is gone.
  if (!spoke || record_.backend_config().settings().abortonclose) client_left_early();
}

void TcpStream::client_left_early() {
  if (phase_ != Phase::queued) return finish('C', 'C');
  record_.assigned(base::now());
  finish('C', 'Q');
}

}  // namespace ddbproxy::stream
