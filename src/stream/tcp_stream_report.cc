// What a TCP stream tells of itself: its log line, and its entry in show sess.
#include <algorithm>

#include "net/socket.h"
#include "stream/tcp_stream.h"

namespace ddbproxy::stream {

Address TcpStream::destination() const {
  if (!destination_.empty()) return destination_.expand();
  if (listener_.address.is_ip() && !listener_.address.is_any()) return listener_.address;
  return net::local_address(client_.get());
}

/// Where its connection led to, or should; empty: it had none.
Address TcpStream::server_address() const {
  if (direct_) return target();
  return record_.server() ? address_of(*record_.server()) : Address();
}

sample::StreamFacts TcpStream::facts(base::Instant now) const {
  sample::StreamFacts facts = record_.facts(up_.total(), down_.total(), {termination_, 2}, now);
  facts.client = client_address_.expand();
  facts.bind_name = listener_.name;
  facts.bind_id = listener_.id;
  return facts;
}

sample::StreamFacts TcpStream::facts() const {
  sample::StreamFacts all = facts(base::now());
  all.frontend_address = destination();
  if (server_) all.backend_source = net::local_address(server_.get());
  all.server_address = server_address();
  return all;
}

void TcpStream::log(bool partial) {
  log::Logger& logger = record_.config().logger;
  if (!logger.has_targets()) return;
  logged_ = true;
  sample::StreamFacts line = facts(base::now());
  line.partial = partial;
  if (!partial && lease_) --line.srvconn;
  // Only these formats can ask for addresses that cost a call to find.
  const model::LogSettings& settings = logger.settings();
  const bool custom = settings.style == model::LogStyle::custom || !settings.sd_format.empty();
  if (custom || settings.style == model::LogStyle::default_) line.frontend_address = destination();
  if (custom && server_) line.backend_source = net::local_address(server_.get());
  if (custom) line.server_address = server_address();
  if (extras_ && extras_->silent) return;
  Evaluation on = evaluation();
  on.final = true;
  if (custom) line.unique_id = on.unique_id();
  if (extras_) line.request_captures = extras_->captures;
  logger.session(line, logger.has_expressions() ? &on : nullptr, extras_ ? extras_->log_level : std::nullopt);
  on.scratch.clear();
}

StreamDescription TcpStream::describe() const {
  const base::Instant now = base::now();
  StreamDescription description;
  description.id = id();
  description.facts = facts();
  description.frontend = frontend()->name();
  if (record_.backend()) description.backend = record_.backend()->name();
  if (record_.server()) description.server = record_.server()->name();
  description.age = base::Milliseconds{record_.since_accept(now)};
  const base::Instant last =
      std::max({record_.accepted(), up_.last_read, up_.last_write, down_.last_read, down_.last_write});
  description.idle = base::Milliseconds{base::milliseconds_between(last, now)};
  if (const base::Instant due = deadline(); due != base::Instant::max())
    description.expires_in = base::Milliseconds{base::milliseconds_between(now, due)};
  switch (phase_) {
    case Phase::inspecting: description.state = "inspecting"; break;
    case Phase::queued: description.state = "queued"; break;
    case Phase::connecting: description.state = "connecting"; break;
    case Phase::pausing: description.state = "pausing"; break;
    case Phase::established: description.state = "established"; break;
    case Phase::over: description.state = "over"; break;
  }
  description.client_fd = client_.get();
  description.server_fd = server_.get();
  return description;
}

}  // namespace ddbproxy::stream
