// A client that has yet to send its PROXY header.
#include "stream/proxy_handshake.h"

#include <cerrno>
#include <sys/socket.h>

#include "net/proxy_protocol.h"
#include "net/socket.h"

namespace ddbproxy::stream {

ProxyHandshake::ProxyHandshake(Worker& worker, base::Fd client, const live::FrontendConfig& config,
                               live::Listener& listener, const Arrival& arrival)
    : worker_(worker),
      config_(config),
      listener_(listener),
      arrival_(arrival),
      accepted_(base::wall_now()),
      client_(std::move(client)) {
  timeout_.bind<&ProxyHandshake::on_timeout>(worker.loop(), *this);
}

void ProxyHandshake::start() {
  readable_.watch<&ProxyHandshake::on_readable>(worker_.loop(), client_.get(), EV_READ | EV_PERSIST, *this);
  if (const auto& limit = config_.proxy.timeouts.client; limit && limit->count()) timeout_.arm(*limit);
}

void ProxyHandshake::on_readable(short) {
  // Only looked at, so that what follows the header stays in the socket for the session.
  char buffer[16384];
  const ssize_t n = recv(client_.get(), buffer, sizeof buffer, MSG_PEEK);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n < 0) return fail("Connection error while waiting for PROXY protocol header", true);
  if (n == 0) return fail("Connection closed while waiting for PROXY protocol header", true);
  const net::ProxyHeader header = net::parse_proxy_header({buffer, static_cast<size_t>(n)});
  const std::string_view error = net::proxy_header_error(header.outcome);
  if (!error.empty()) return fail(error, false);
  if (recv(client_.get(), buffer, header.length, 0) < 0)
    return fail("Connection closed while waiting for PROXY protocol header", false);
  if (header.outcome == net::ProxyHeaderOutcome::addressed) {
    arrival_.client = header.source;
    arrival_.destination = header.destination;
  }
  arrival_.received_proxy = true;
  arrival_.handshake_ms = base::milliseconds_between(arrival_.accepted, base::now());
  readable_.remove();
  timeout_.cancel();
  worker_.hand_over_place(*this);
  worker_.begin_session(std::move(client_), config_, listener_, arrival_);
  worker_.retire(*this);
}

void ProxyHandshake::on_timeout() { fail("Timeout while waiting for PROXY protocol header", true); }

void ProxyHandshake::fail(std::string_view reason, bool empty) {
  sample::StreamFacts facts;
  facts.client = arrival_.client;
  facts.frontend_address = listener_.address;
  facts.accepted = accepted_;
  facts.frontend = facts.backend = config_.frontend.name();
  facts.server = "<NOSRV>";
  facts.bind_name = listener_.name;
  facts.bind_id = listener_.id;
  facts.termination[0] = 'P';
  facts.termination[1] = 'R';
  facts.received = !empty;
  config_.logger.connection_error(facts, reason);
  kill(Kill::stopping);
}

void ProxyHandshake::kill(Kill) {
  readable_.remove();
  timeout_.cancel();
  if (config_.settings().nolinger) net::reset_on_close(client_.get());
  client_.reset();
  worker_.retire(*this);
}

StreamDescription ProxyHandshake::describe() const {
  StreamDescription description;
  description.id = id();
  description.facts.client = arrival_.client;
  description.frontend = config_.frontend.name();
  description.age = description.idle = base::Milliseconds{base::milliseconds_between(arrival_.accepted, base::now())};
  description.state = "handshake";
  description.client_fd = client_.get();
  return description;
}

}  // namespace ddbproxy::stream
