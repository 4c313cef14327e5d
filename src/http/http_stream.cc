#include "http/http_stream.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "http/status.h"
#include "http/target.h"
#include "http/weight.h"
#include "sample/acl.h"
#include "stream/evaluation.h"

namespace ddbproxy::http {
namespace {

// How long a client may take to read our last words before the connection is closed under it.
constexpr base::Milliseconds linger_time{1000};
constexpr base::Milliseconds forever{-1};
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

RequestParser::Limits limits_of(const model::Global& global) {
  const size_t head = global.bufsize > global.maxrewrite ? global.bufsize - global.maxrewrite : global.bufsize;
  return {.head = head, .body = head};
}

bool is_monitored(const model::Monitor& monitor, std::string_view target) {
  return !monitor.uri.empty() && (target == monitor.uri || without_host(target) == monitor.uri);
}

}  // namespace

stream::Factory http_streams(Site site) {
  return [site = std::make_shared<const Site>(std::move(site))](
             stream::Worker& worker, stream::Guest&& guest) -> std::unique_ptr<stream::Stream> {
    return std::make_unique<HttpStream>(worker, *site, std::move(guest));
  };
}

HttpStream::HttpStream(stream::Worker& worker, const Site& site, stream::Guest&& guest)
    : worker_(worker),
      site_(site),
      guest_(std::move(guest)),
      config_(*guest_.config),
      frontend_(config_.frontend),
      backend_(default_backend()),
      parser_(limits_of(config_.generation.global())),
      log_(worker.state(), guest_) {
  timer_.bind<&HttpStream::timed_out>(worker.loop(), *this);
  frontend_.counters.local().h1_opened.add();
}

live::Backend* HttpStream::default_backend() const {
  return config_.default_backend ? &config_.default_backend->backend : nullptr;
}

HttpStream::~HttpStream() {
  if (exchange_) exchange_->abandon();
  frontend_.counters.local().h1_closed.add();
}

void HttpStream::start() {
  const model::Timeouts& timeouts = config_.proxy.timeouts;
  arm(or_forever(timeouts.http_request, timeouts.client, {}));
  watch(true);
}

base::Milliseconds HttpStream::or_forever(const model::Duration& a, const model::Duration& b,
                                          const model::Duration& c) const {
  const base::Milliseconds set = a ? *a : b ? *b : c ? *c : base::Milliseconds{0};
  return set.count() > 0 ? set : forever;
}

void HttpStream::arm(base::Milliseconds delay) {
  if (delay == forever) {
    timer_.cancel();
  } else {
    timer_.arm(delay);
  }
}

void HttpStream::watch(bool reading) {
  event_.watch<&HttpStream::ready>(worker_.loop(), guest_.client.get(),
                                   reading ? EV_READ | EV_PERSIST : EV_WRITE | EV_PERSIST, *this);
}

void HttpStream::ready(short) {
  switch (phase_) {
    case Phase::waiting:
    case Phase::reading:
    case Phase::draining:
    case Phase::lingering: return read();
    case Phase::writing: return write();
    case Phase::answering:
    case Phase::gone: return;
  }
}

void HttpStream::read() {
  char buffer[16384];
  const ssize_t size = ::recv(guest_.client.get(), buffer, sizeof buffer, 0);
  if (size < 0) {
    if (errno != EAGAIN && errno != EINTR) client_gone(true);
    return;
  }
  if (size == 0) return client_gone(false);
  frontend_.counters.local().h1_bytes_in.add(static_cast<uint64_t>(size));
  if (phase_ != Phase::lingering) take({buffer, static_cast<size_t>(size)});
}

void HttpStream::take(std::string_view bytes) {
  const size_t used = parser_.feed(bytes);
  received_ += used;
  pending_.assign(bytes.substr(used));
  if (phase_ == Phase::waiting && parser_.begun()) begin_request();
  advance();
}

void HttpStream::begin_request() {
  phase_ = Phase::reading;
  log_.begin(base::now());
  const model::Timeouts& timeouts = config_.proxy.timeouts;
  // The first request has had its time since the connection was accepted.
  if (!first_request_) arm(or_forever(timeouts.http_request, timeouts.client, {}));
}

void HttpStream::advance() {
  if (phase_ == Phase::draining) {
    if (parser_.failed()) return leave();
    if (parser_.complete()) next_request();
    return;
  }
  if (phase_ != Phase::reading) return;
  if (parser_.failed()) return refuse(parser_.error_status(), "PR");
  if (!parser_.head_complete()) return;
  if (!routed_) return route();
  if (parser_.complete() || parser_.request().body_truncated) ask();
}

void HttpStream::route() {
  routed_ = true;
  Request& request = parser_.request();
  request.client = guest_.arrival.client;
  request.generation = &config_.generation;
  log_.understood(request, weight(request), base::now());
  head_only_ = request.method() == "HEAD";
  if (const model::Monitor& monitor = config_.settings().monitor; is_monitored(monitor, request.target()))
    return answer_monitor(monitor);
  for (Responder* responder : site_.responders) {
    proxy_ = responder->wants(config_, request);
    if (!proxy_) continue;
    responder_ = responder;
    backend_ = config_.generation.backend_of(*proxy_);
    break;
  }
  if (!responder_) {
    too_early_ = !parser_.complete();
    return respond(error_response(config_.proxy, 503));
  }
  log_.intercept(backend_, base::now());
  const bool needs_body = request.method() == "POST" && !parser_.complete() && !request.body_truncated;
  if (!needs_body) return ask();
  // Who may not do it learns that before the body has come.
  too_early_ = responder_->refuses(*proxy_, request);
  if (too_early_) return ask();
  if (!parser_.expects_continue()) return;
  // A few bytes into an empty socket buffer: should they not fit, the client sends its body after a while anyway.
  continue_sent_ = true;
  if (::send(guest_.client.get(), go_on.data(), go_on.size(), MSG_NOSIGNAL) > 0) {
    count_sent(go_on.size());
    log_.add_body(first_line_weight + std::string_view("HTTP/1.1100Continue").size() + end_of_head_weight);
  }
}

/// Those who look at it often would fill the log.
void HttpStream::answer_monitor(const model::Monitor& monitor) {
  stream::Evaluation on(worker_.scratch(), worker_.state(), config_);
  net::CompactAddress client(guest_.arrival.client), destination(guest_.arrival.destination);
  on.stream = this;
  on.listener = guest_.listener;
  on.its_extras = &guest_.extras;
  on.client = &client;
  on.destination = &destination;
  on.client_fd = guest_.client.get();
  on.received_proxy = guest_.arrival.received_proxy;
  on.final = on.has_request = true;
  on.request = parser_.request().text;
  on.head = &parser_.request().head;
  const bool fails = std::ranges::any_of(monitor.fail, [&](const model::Condition& condition) {
    const bool holds = condition->holds(on);
    on.scratch.clear();
    return holds;
  });
  Response response = error_response(config_.proxy, fails ? 503 : 200);
  response.unlogged = true;
  backend_ = nullptr;
  log_.intercept(nullptr, base::now());
  respond(response);
}

void HttpStream::count_sent(size_t bytes) {
  frontend_.counters.local().h1_bytes_out.add(bytes);
  worker_.pumps().count_sent(bytes, false);
}

void HttpStream::ask() {
  phase_ = Phase::answering;
  timer_.cancel();
  event_.remove();
  log_.understood(parser_.request(), weight(parser_.request()), base::now());
  exchange_ = std::make_shared<Exchange>(site_.control, worker_.loop(), static_cast<Asker&>(*this), config_.generation);
  exchange_->ask(*responder_, *proxy_, Request(parser_.request()), !head_only_);
}

void HttpStream::answered() { respond(exchange_->response); }

void HttpStream::piece_ready() {
  append_piece();
  write();
}

void HttpStream::respond(const Response& response) {
  if (response.status == 0) {
    keep_ = false;
    return write();
  }
  denied_ = response.denied;
  if (denied_) log_.deny();
  if (response.refused) log_.refuse(backend_);
  if (response.unlogged) log_.leave_out();
  const bool in_pieces = response.body != nullptr;
  const bool stopping = frontend_.state() == live::FrontendState::stopped;
  const bool body_to_come = parser_.expects_continue() && !continue_sent_ && !parser_.complete();
  // To a client of HTTP/1.0 the end of the connection is the end of a body without length.
  keep_ = parser_.keep_alive() && !too_late_ && !too_early_ && !stopping && !body_to_come && !response.until_close &&
          !(in_pieces && parser_.http_1_0());
  chunked_ = in_pieces && !parser_.http_1_0() && !head_only_;

  size_t counted = head_weight(response) + response.logged_more;
  if (too_late_) counted += std::string_view("connectionclose").size();
  if (in_pieces && !head_only_) counted += std::string_view("transfer-encodingchunked").size();
  log_.status(response.logged_status ? response.logged_status : response.status, counted);

  auto out = std::back_inserter(out_);
  fmt::format_to(out, "HTTP/1.{} {} {}\r\n", response.http_1_0 ? 0 : 1, response.status, response.reason);
  for (const auto& [name, value] : response.headers) fmt::format_to(out, "{}: {}\r\n", name, value);
  if (chunked_) out_ += "transfer-encoding: chunked\r\n";
  if (!keep_ && !response.http_1_0) out_ += "connection: close\r\n";
  if (keep_ && (parser_.http_1_0() || response.http_1_0)) out_ += "connection: keep-alive\r\n";
  out_ += "\r\n";
  if (!head_only_) {
    out_ += response.text;
    log_.add_body(response.text.size());
    if (in_pieces) append_piece();
  }
  write();
}

void HttpStream::append_piece() {
  const std::string& piece = exchange_->piece;
  log_.add_body(piece.size());
  if (chunked_ && !piece.empty()) {
    fmt::format_to(std::back_inserter(out_), "{:X}\r\n{}\r\n", piece.size(), piece);
  } else {
    out_ += piece;
  }
  if (chunked_ && !exchange_->more) out_ += "0\r\n\r\n";
}

// What cannot be read as a request is answered at once, and nothing else of this client is read.
void HttpStream::refuse(int status, std::string_view termination) {
  keep_ = false;
  log_.status(status, 0);
  out_ = refusal(status);
  finish_request(termination);
  phase_ = Phase::lingering;
  write();
}

void HttpStream::write() {
  while (out_sent_ < out_.size()) {
    const ssize_t sent = ::send(guest_.client.get(), out_.data() + out_sent_, out_.size() - out_sent_, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return client_gone(true);
      if (phase_ == Phase::lingering) return leave();  // a refusal that does not even fit the socket buffer
      phase_ = Phase::writing;
      arm(or_forever(config_.proxy.timeouts.client, {}, {}));
      return watch(false);
    }
    out_sent_ += static_cast<size_t>(sent);
    count_sent(static_cast<size_t>(sent));
  }
  out_.clear();
  out_sent_ = 0;
  all_written();
}

void HttpStream::all_written() {
  if (phase_ == Phase::lingering) return linger();
  if (exchange_ && exchange_->more && !head_only_) {
    phase_ = Phase::answering;
    timer_.cancel();
    event_.remove();
    return exchange_->ask_more();
  }
  finish_request(answered_by());
  if (!keep_) return linger();
  if (parser_.complete()) return next_request();
  parser_.discard_body();
  phase_ = Phase::draining;
  arm(or_forever(config_.proxy.timeouts.client, {}, {}));
  watch(true);
}

// A responder, its rules, or nobody.
std::string_view HttpStream::answered_by() const { return denied_ ? "PR" : responder_ ? "LR" : "SC"; }

void HttpStream::finish_request(std::string_view termination) {
  const std::string& backend_name = proxy_                                ? proxy_->name
                                    : backend_ && parser_.head_complete() ? backend_->name()
                                                                          : frontend_.name();
  log_.finish(termination, backend_name, backend_, received_, base::now());
  if (exchange_) exchange_->abandon();
  exchange_.reset();
}

void HttpStream::next_request() {
  parser_.reset();
  responder_ = nullptr;
  proxy_ = nullptr;
  backend_ = default_backend();
  routed_ = denied_ = head_only_ = continue_sent_ = first_request_ = false;
  received_ = 0;
  out_ = {};  // an idle connection holds no buffer
  log_.wait(base::now());
  phase_ = Phase::waiting;
  const model::Timeouts& timeouts = config_.proxy.timeouts;
  arm(or_forever(timeouts.http_keep_alive, timeouts.http_request, timeouts.client));
  if (pending_.empty()) return watch(true);
  event_.remove();  // first what came before
  worker_.again(*this);
}

void HttpStream::resume() {
  const std::string bytes = std::move(pending_);
  pending_ = {};
  take(bytes);
  const bool wants_more = phase_ == Phase::waiting || phase_ == Phase::reading;
  if (wants_more && pending_.empty()) watch(true);
}

// The client has closed its side, or reset the connection.
void HttpStream::client_gone(bool by_error) {
  switch (phase_) {
    case Phase::waiting:
      if (!first_request_) return leave();
      [[fallthrough]];
    case Phase::reading:
      if (!parser_.head_complete()) {
        if (!by_error) return refuse(400, "CR");
        log_.status(400, 0);
        finish_request("CR");
      } else {
        finish_request(answered_by());
      }
      return leave();
    case Phase::answering:
    case Phase::writing: finish_request(answered_by()); return leave();
    case Phase::draining:
    case Phase::lingering: return leave();
    case Phase::gone: return;
  }
}

void HttpStream::timed_out() {
  switch (phase_) {
    case Phase::waiting:
      if (!first_request_) return leave();
      return refuse(408, "cR");
    case Phase::reading:
      if (!parser_.head_complete()) return refuse(408, "cR");
      too_late_ = true;
      frontend_.counters.local().ereq.add();
      return respond(error_response(config_.proxy, 408));
    case Phase::writing: finish_request("cD"); return leave();
    case Phase::answering:
    case Phase::draining:
    case Phase::lingering: return leave();
    case Phase::gone: return;
  }
}

// Closing with unread bytes would reset the connection and take our last words from the client.
void HttpStream::linger() {
  phase_ = Phase::lingering;
  if (::shutdown(guest_.client.get(), SHUT_WR) != 0) return leave();
  timer_.arm(linger_time);
  watch(true);
}

void HttpStream::leave() {
  phase_ = Phase::gone;
  if (exchange_) exchange_->abandon();
  timer_.cancel();
  event_.remove();
  worker_.retire(*this);
}

void HttpStream::kill(stream::Kill why) {
  const char letter = static_cast<char>(why);
  const bool busy = phase_ == Phase::reading || phase_ == Phase::answering || phase_ == Phase::writing;
  if (busy) {
    const char termination[] = {letter, phase_ == Phase::reading ? 'R' : 'D'};
    base::within_memory([&] { finish_request({termination, 2}); });
  }
  leave();
}

void HttpStream::no_answer() { kill(stream::Kill::no_memory); }

stream::StreamDescription HttpStream::describe() const {
  const base::Instant now = base::now();
  stream::StreamDescription description;
  description.id = id();
  description.frontend = frontend_.name();
  description.backend = backend_ ? backend_->name() : frontend_.name();
  description.server = responder_ ? "<STATS>" : "<NOSRV>";
  description.facts = log_.facts(description.backend, now);
  description.facts.frontend = description.frontend;
  description.facts.backend = description.backend;
  description.facts.server = description.server;
  description.facts.http = nullptr;
  description.age = std::chrono::duration_cast<base::Milliseconds>(now - guest_.arrival.accepted);
  switch (phase_) {
    case Phase::waiting: description.state = "idle"; break;
    case Phase::reading: description.state = "request"; break;
    case Phase::answering:
    case Phase::writing: description.state = "response"; break;
    case Phase::draining:
    case Phase::lingering:
    case Phase::gone: description.state = "closing"; break;
  }
  description.client_fd = guest_.client.get();
  return description;
}

}  // namespace ddbproxy::http
