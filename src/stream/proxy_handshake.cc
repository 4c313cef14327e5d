// A client that has yet to send its PROXY header.
#include "stream/proxy_handshake.h"

#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>

#include "net/proxy_protocol.h"
#include "sample/log_format.h"

namespace ddbproxy::stream {

ProxyHandshake::ProxyHandshake(Worker& worker, base::Fd client, live::Frontend& frontend, live::Listener& listener,
                               const Arrival& arrival)
    : worker_(worker),
      frontend_(frontend),
      listener_(listener),
      arrival_(arrival),
      accepted_(base::wall_now()),
      client_(std::move(client)) {
  timeout_.bind<&ProxyHandshake::on_timeout>(worker.loop(), *this);
}

void ProxyHandshake::start() {
  readable_.watch<&ProxyHandshake::on_readable>(worker_.loop(), client_.get(), EV_READ | EV_PERSIST, *this);
  if (const auto& limit = frontend_.config().timeouts.client; limit && limit->count()) timeout_.arm(*limit);
}

void ProxyHandshake::on_readable(short) {
  // Only looked at, so that what follows the header stays in the socket for the session.
  char buffer[16384];
  const ssize_t n = recv(client_.get(), buffer, sizeof buffer, MSG_PEEK);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return fail("Connection closed while waiting for PROXY protocol header", true);
  const net::ProxyHeader header = net::parse_proxy_header({buffer, static_cast<size_t>(n)});
  const std::string_view error = net::proxy_header_error(header.outcome);
  if (!error.empty()) return fail(error, false);
  if (recv(client_.get(), buffer, header.length, 0) < 0)
    return fail("Connection closed while waiting for PROXY protocol header", false);
  if (header.outcome == net::ProxyHeaderOutcome::addressed) {
    arrival_.client = header.source;
    arrival_.destination = header.destination;
  }
  arrival_.handshake_ms = base::milliseconds_between(arrival_.accepted, base::now());
  readable_.remove();
  timeout_.cancel();
  worker_.hand_over_place(*this);
  worker_.begin_session(std::move(client_), frontend_, listener_, arrival_);
  worker_.retire(*this);
}

void ProxyHandshake::on_timeout() { fail("Timeout while waiting for PROXY protocol header", true); }

void ProxyHandshake::fail(std::string_view reason, bool empty) {
  log::Logger& logger = frontend_.logger();
  if (!empty || !logger.settings().dontlognull) {
    static const sample::LogFormat start = sample::LogFormat::parse("%ci:%cp [%t] %f/", false).value();
    sample::StreamFacts facts;
    facts.client = arrival_.client;
    facts.accepted = accepted_;
    facts.frontend = frontend_.name();
    std::string line;
    start.append(line, facts);
    const model::Bind& bind = *listener_.bind;
    logger.write(log::info,
                 fmt::format("{}{}: {}", line, bind.name.empty() ? std::to_string(bind.id) : bind.name, reason));
  }
  kill(Kill::stopping);
}

/// The bind line's id, or the place of the socket among its frontend's.
size_t ProxyHandshake::listener_number() const {
  if (listener_.bind->id) return listener_.bind->id;
  return static_cast<size_t>(&listener_ - frontend_.listeners.data()) + 1;
}

void ProxyHandshake::kill(Kill) {
  readable_.remove();
  timeout_.cancel();
  client_.reset();
  worker_.retire(*this);
}

StreamDescription ProxyHandshake::describe() const {
  StreamDescription description;
  description.id = id();
  description.facts.client = arrival_.client;
  description.frontend = frontend_.name();
  description.age = description.idle = base::Milliseconds{base::milliseconds_between(arrival_.accepted, base::now())};
  description.state = "handshake";
  description.client_fd = client_.get();
  return description;
}

}  // namespace ddbproxy::stream
