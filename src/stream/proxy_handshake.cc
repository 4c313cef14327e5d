// A client that has yet to send its PROXY header, or that of its NetScaler.
#include "stream/proxy_handshake.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>

#include "net/netscaler_header.h"
#include "net/proxy_protocol.h"
#include "net/socket.h"
#include "stream/evaluation.h"

namespace ddbproxy::stream {

ProxyHandshake::ProxyHandshake(Worker& worker, Guest&& guest)
    : worker_(worker), guest_(std::move(guest)), accepted_(base::wall_now()) {
  timeout_.bind<&ProxyHandshake::on_timeout>(worker.loop(), *this);
}

void ProxyHandshake::start() {
  readable_.watch<&ProxyHandshake::on_readable>(worker_.loop(), guest_.client.get(), EV_READ | EV_PERSIST, *this);
  if (const auto& limit = guest_.config->proxy.timeouts.client; limit && limit->count()) timeout_.arm(*limit);
}

std::string_view ProxyHandshake::awaited() const {
  return awaits_netscaler() ? "NetScaler Client IP header" : "PROXY protocol header";
}

void ProxyHandshake::on_readable(short) {
  while (guest_.expects) {
    // Only looked at, so that what follows the header stays in the socket for the session.
    char buffer[16384];
    const ssize_t n = recv(guest_.client.get(), buffer, sizeof buffer, MSG_PEEK);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) return static_cast<void>(fail(Failure::error, waiting("error"), true));
    if (n == 0) return static_cast<void>(fail(Failure::closed, waiting("closed"), true));
    const std::string_view data(buffer, static_cast<size_t>(n));
    if (awaits_netscaler() ? !read_netscaler_header(data) : !read_proxy_header(data)) return;
  }
  guest_.arrival.handshake_ms = base::milliseconds_between(guest_.arrival.accepted, base::now());
  readable_.remove();
  timeout_.cancel();
  worker_.hand_over_place(*this);
  // As in haproxy, who is refused only behind its header has a line in the log, which knows no failure; where no form
  // of lines is said there is none.
  if (!worker_.begin_session(guest_) && guest_.config->proxy.log.style != model::LogStyle::default_)
    log(0, "Success", true);
  worker_.retire(*this);
}

bool ProxyHandshake::awaits_netscaler() const { return guest_.expects & Guest::netscaler; }

std::string ProxyHandshake::waiting(std::string_view what) const {
  return fmt::format("Connection {} while waiting for {}", what, awaited());
}

bool ProxyHandshake::read_netscaler_header(std::string_view data) {
  using Outcome = net::NetscalerOutcome;
  const net::NetscalerHeader header = net::parse_netscaler_header(data, guest_.listener->bind->netscaler_magic);
  // One that is cut off is a failure whose log line names the client that it told of, as in haproxy.
  if (!header.source.empty()) {
    guest_.arrival.client = header.source;
    guest_.arrival.destination = header.destination;
  }
  const std::string_view words = net::netscaler_header_error(header.outcome);
  switch (header.outcome) {
    case Outcome::addressed: break;
    case Outcome::cut_off: return fail(Failure::error, words, true);
    case Outcome::truncated: return fail(Failure::truncated, words, false);
    case Outcome::bad_magic: return fail(Failure::foreign, words, false);
    case Outcome::unhandled: return fail(Failure::invalid, words, false);
  }
  return take(header.length, Guest::netscaler);
}

bool ProxyHandshake::read_proxy_header(std::string_view data) {
  using Outcome = net::ProxyHeaderOutcome;
  const net::ProxyHeader header = net::parse_proxy_header(data);
  const std::string_view words = net::proxy_header_error(header.outcome);
  switch (header.outcome) {
    case Outcome::addressed:
      guest_.arrival.client = header.source;
      guest_.arrival.destination = header.destination;
      break;
    case Outcome::local: break;
    case Outcome::truncated: return fail(Failure::truncated, words, false);
    case Outcome::foreign: return fail(Failure::foreign, words, false);
    case Outcome::invalid: return fail(Failure::invalid, words, false);
    case Outcome::unhandled: return fail(Failure::unhandled, words, false);
  }
  if (!header.authority.empty() || !header.unique_id.empty() || !header.network_namespace.empty()) {
    if (!guest_.extras) guest_.extras.reset(new Extras());
    guest_.extras->proxy_authority = header.authority;
    guest_.extras->proxy_unique_id = header.unique_id;
    guest_.extras->proxy_namespace = header.network_namespace;
  }
  guest_.arrival.received_proxy = true;
  return take(header.length, Guest::proxy);
}

/// Takes what was looked at off the socket, and awaits that header no longer.
bool ProxyHandshake::take(size_t length, Guest::Header header) {
  char buffer[16384];
  if (length && recv(guest_.client.get(), buffer, std::min(length, sizeof buffer), 0) < 0)
    return fail(Failure::closed, waiting("closed"), false);
  guest_.expects &= static_cast<uint8_t>(~header);
  return true;
}

void ProxyHandshake::on_timeout() {
  fail(Failure::timeout, fmt::format("Timeout while waiting for {}{}", awaits_netscaler() ? "a " : "", awaited()),
       true);
}

/// Ends it with a line in the log; always false.
bool ProxyHandshake::fail(Failure failure, std::string_view words, bool empty) {
  constexpr int first_of_proxy = 11, first_of_netscaler = 18;  // as haproxy numbers them
  log(static_cast<uint8_t>((awaits_netscaler() ? first_of_netscaler : first_of_proxy) + static_cast<int>(failure)),
      words, empty);
  kill(Kill::stopping);
  return false;
}

void ProxyHandshake::log(uint8_t number, std::string_view words, bool empty) {
  net::CompactAddress client(guest_.arrival.client);
  Evaluation on(worker_.scratch(), worker_.state(), *guest_.config);
  on.listener = guest_.listener;
  on.client = &client;
  on.client_fd = guest_.client.get();
  on.its_extras = &guest_.extras;
  on.session_only = on.final = true;
  on.failure = number;
  on.failure_words = words;
  sample::StreamFacts facts = on.facts();
  facts.accepted = accepted_;
  facts.received = !empty;
  guest_.config->logger.connection_error(facts, words, &on);
  on.scratch.clear();
}

void ProxyHandshake::kill(Kill) {
  readable_.remove();
  timeout_.cancel();
  if (guest_.config->settings().nolinger) net::reset_on_close(guest_.client.get());
  guest_.client.reset();
  worker_.retire(*this);
}

StreamDescription ProxyHandshake::describe() const {
  StreamDescription description;
  description.id = id();
  description.facts.client = guest_.arrival.client;
  description.frontend = guest_.config->frontend.name();
  description.age = description.idle =
      base::Milliseconds{base::milliseconds_between(guest_.arrival.accepted, base::now())};
  description.state = "handshake";
  description.client_fd = guest_.client.get();
  return description;
}

}  // namespace ddbproxy::stream
