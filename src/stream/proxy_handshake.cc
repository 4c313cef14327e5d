// A client that has yet to send its PROXY header.
#include "stream/proxy_handshake.h"

#include <cerrno>
#include <sys/socket.h>

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

void ProxyHandshake::on_readable(short) {
  // Only looked at, so that what follows the header stays in the socket for the session.
  char buffer[16384];
  const ssize_t n = recv(guest_.client.get(), buffer, sizeof buffer, MSG_PEEK);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n < 0) return fail("Connection error while waiting for PROXY protocol header", true);
  if (n == 0) return fail("Connection closed while waiting for PROXY protocol header", true);
  const net::ProxyHeader header = net::parse_proxy_header({buffer, static_cast<size_t>(n)});
  const std::string_view error = net::proxy_header_error(header.outcome);
  if (!error.empty()) return fail(error, false);
  if (recv(guest_.client.get(), buffer, header.length, 0) < 0)
    return fail("Connection closed while waiting for PROXY protocol header", false);
  if (header.outcome == net::ProxyHeaderOutcome::addressed) {
    guest_.arrival.client = header.source;
    guest_.arrival.destination = header.destination;
  }
  if (!header.authority.empty() || !header.unique_id.empty()) {
    if (!guest_.extras) guest_.extras.reset(new Extras());
    guest_.extras->proxy_authority = header.authority;
    guest_.extras->proxy_unique_id = header.unique_id;
  }
  guest_.arrival.received_proxy = true;
  guest_.arrival.handshake_ms = base::milliseconds_between(guest_.arrival.accepted, base::now());
  readable_.remove();
  timeout_.cancel();
  worker_.hand_over_place(*this);
  worker_.begin_session(std::move(guest_));
  worker_.retire(*this);
}

void ProxyHandshake::on_timeout() { fail("Timeout while waiting for PROXY protocol header", true); }

void ProxyHandshake::fail(std::string_view reason, bool empty) {
  net::CompactAddress client(guest_.arrival.client);
  Evaluation on(worker_.scratch(), worker_.state(), *guest_.config);
  on.listener = guest_.listener;
  on.client = &client;
  on.client_fd = guest_.client.get();
  on.its_extras = &guest_.extras;
  on.session_only = on.final = true;
  sample::StreamFacts facts = on.facts();
  facts.accepted = accepted_;
  facts.received = !empty;
  guest_.config->logger.connection_error(facts, reason, &on);
  on.scratch.clear();
  kill(Kill::stopping);
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
