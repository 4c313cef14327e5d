// What a session adds up to.
#include "stream/session_record.h"

#include <utility>

namespace ddbproxy::stream {
namespace {

int64_t seconds_of(base::Instant now) {
  return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
}

}  // namespace

SessionRecord::SessionRecord(live::State& state, const live::FrontendConfig& config, base::Instant accepted,
                             int64_t handshake_ms)
    : state_(state),
      config_(config),
      accepted_(accepted),
      accepted_wall_(base::wall_now()),
      number_(state.process.total_requests.fetch_add(1, std::memory_order_relaxed)),
      handshake_ms_(static_cast<int32_t>(handshake_ms)) {}

void SessionRecord::enter(const live::BackendConfig& config) {
  backend_config_ = &config;
  live::Backend& backend = config.backend;
  backend.begin_session();
  in_backend_ = true;
  backend.counters.local().stot.add();
  backend.session_rate.add(accepted_);
  backend.rate_max.raise(backend.session_rate.per_second(accepted_));
}

void SessionRecord::assigned(base::Instant now) { queue_ms_ = since_accept(now); }

void SessionRecord::attempt(live::Server* server, base::Instant now) {
  server_ = server;
  if (server) server->counters.local().connect.add();
  backend()->counters.local().connect.add();
  backend()->last_session.store(seconds_of(now), std::memory_order_relaxed);
}

void SessionRecord::begun(base::Instant now) {
  if (!server_) return;
  server_->counters.local().stot.add();
  server_->session_rate.add(now);
  server_->rate_max.raise(server_->session_rate.per_second(now));
  server_->sessions_max.raise(server_->current_sessions());
  server_->last_session.store(seconds_of(now), std::memory_order_relaxed);
}

void SessionRecord::retry_on_same() {
  if (server_) server_->counters.local().wretr.add();
  backend()->counters.local().wretr.add();
}

void SessionRecord::redispatch_from(live::Server& before) {
  redispatched_ = true;
  before.counters.local().wredis.add();
  backend()->counters.local().wredis.add();
}

void SessionRecord::connection_failed() {
  if (server_) server_->counters.local().econ.add();
  if (backend()) backend()->counters.local().econ.add();
}

void SessionRecord::leave_backend() {
  if (in_backend_) backend()->end_session();
  in_backend_ = false;
}

void SessionRecord::count(uint64_t bytes_in, uint64_t bytes_out, base::Instant now) {
  const uint64_t more_in = bytes_in - std::exchange(counted_in_, bytes_in);
  const uint64_t more_out = bytes_out - std::exchange(counted_out_, bytes_out);
  const auto add = [&](auto& counters) {
    counters.bin.add(more_in);
    counters.bout.add(more_out);
  };
  add(frontend().counters.local());
  if (backend()) add(backend()->counters.local());
  if (server_) add(server_->counters.local());
}

void SessionRecord::add_uncounted(uint64_t bytes_in, uint64_t bytes_out, live::Traffic& sums) const {
  const live::Traffic::Bytes more{bytes_in - counted_in_, bytes_out - counted_out_};
  sums.add(&frontend(), more);
  sums.add(backend(), more);
  sums.add(server_, more);
}

void SessionRecord::close(std::string_view termination, uint64_t bytes_in, uint64_t bytes_out, base::Instant now) {
  // As in 2.6, an abort counts as one once data could flow, or when the client was gone before anything was done for
  // it.
  const bool counts = termination[1] == 'D' || termination[1] == 'L' || termination == "CR";
  const char who = counts ? termination[0] : '-';
  const bool client_aborted = who == 'C' || who == 'c', server_aborted = who == 'S' || who == 's';
  count(bytes_in, bytes_out, now);
  const auto add = [&](auto& counters) {
    if (client_aborted) counters.cli_abrt.add();
    if (server_aborted) counters.srv_abrt.add();
  };
  add(frontend().counters.local());
  if (backend()) add(backend()->counters.local());
  if (server_) add(server_->counters.local());
  if (who == 'S') {  // the connection was reset: the answer, if it was one, is not whole
    if (backend()) backend()->counters.local().eresp.add();
    if (server_) server_->counters.local().eresp.add();
  }
  if (!reached_server()) return;
  const int64_t connect = connect_ms_ - queue_ms_, total = since_accept(now);
  backend()->times.add(queue_ms_, connect, 0, total);
  if (server_) server_->times.add(queue_ms_, connect, 0, total);
}

void SessionRecord::queued_at(uint32_t server_position, uint32_t backend_position) {
  server_queue_ = server_position;
  backend_queue_ = backend_position;
}

sample::StreamFacts SessionRecord::facts(uint64_t bytes_in, uint64_t bytes_out, std::string_view termination,
                                         base::Instant now) const {
  sample::StreamFacts facts;
  facts.accepted = accepted_wall_;
  facts.frontend = frontend().name();
  facts.backend = backend() ? backend()->name() : frontend().name();
  facts.server = server_ ? std::string_view(server_->name()) : "<NOSRV>";
  facts.t_handshake = handshake_ms_;
  // 2.6 shows the queue time of a TCP session one too high, and who reads its logs may subtract it.
  facts.t_queue = queue_ms_ < 0 ? -1 : queue_ms_ + 1;
  facts.t_connect = connect_ms_ < 0 ? -1 : connect_ms_ - queue_ms_;
  facts.t_total = since_accept(now);
  facts.bytes_in = bytes_in;
  facts.bytes_out = bytes_out;
  for (size_t i = 0; i < termination.size() && i < sizeof facts.termination; ++i) facts.termination[i] = termination[i];
  facts.actconn = state_.process.current_connections.load(std::memory_order_relaxed);
  facts.feconn = frontend().current_sessions();
  facts.beconn = backend() ? backend()->current_sessions() : 0;
  facts.srvconn = server_ ? server_->current_sessions() : 0;
  facts.retries = static_cast<uint32_t>(retries_);
  facts.redispatched = redispatched_;
  facts.server_queue = server_queue_;
  facts.backend_queue = backend_queue_;
  facts.request_counter = number_;
  return facts;
}

}  // namespace ddbproxy::stream
