#include "http/request_log.h"

#include <algorithm>
#include <array>

#include "net/socket.h"

namespace ddbproxy::http {
namespace {

using live::BackendCounters;
using live::FrontendCounters;

// The counter of a status's class.
template <class Counters>
base::Counter& by_class(Counters& counters, int status) {
  switch (status / 100) {
    case 1: return counters.hrsp_1xx;
    case 2: return counters.hrsp_2xx;
    case 3: return counters.hrsp_3xx;
    case 4: return counters.hrsp_4xx;
    case 5: return counters.hrsp_5xx;
    default: return counters.hrsp_other;
  }
}

void note_session(live::Backend& backend, base::Instant now) {
  backend.last_session.store(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(),
                             std::memory_order_relaxed);
}

}  // namespace

RequestLog::RequestLog(live::State& state, const stream::Guest& guest)
    : state_(state),
      config_(*guest.config),
      frontend_(config_.frontend),
      listener_(*guest.listener),
      arrival_(guest.arrival) {
  wait(arrival_.accepted);
  waiting_wall_ -= std::chrono::duration_cast<base::WallTime::duration>(base::now() - arrival_.accepted);
}

void RequestLog::wait(base::Instant now) {
  waiting_since_ = begun_at_ = now;
  waiting_wall_ = base::wall_now();
  method_.clear();
  target_.clear();
  version_.clear();
  weight_in_ = weight_out_ = 0;
  status_ = -1;
  counted_ = understood_ = intercepted_ = left_out_ = false;
}

void RequestLog::begin(base::Instant now) {
  begun_at_ = now;
  count_request(now);
}

void RequestLog::count_request(base::Instant now) {
  counted_ = true;
  FrontendCounters& counters = frontend_.counters.local();
  counters.req_tot.add();
  counters.h1_streams.add();
  frontend_.request_rate.add(now);
  frontend_.request_rate_max.raise(frontend_.request_rate.per_second(now));
}

uint64_t RequestLog::take_number() { return state_.process.total_requests.fetch_add(1, std::memory_order_relaxed) + 1; }

/// A request line that is too long loses its end, and what is left of it is read again.
void RequestLog::cut_line() {
  const uint32_t most = std::max(state_.model().global.log_uri_length, 1u) - 1;
  if (method_.size() + target_.size() + version_.size() + 2 <= most) return;
  const std::string line = (method_ + ' ' + target_ + ' ' + version_).substr(0, most);
  const size_t end = std::min(line.find(' '), line.size()), behind = std::min(line.find(' ', end + 1), line.size());
  method_ = end == line.size() ? "<BADREQ>" : line.substr(0, end);
  target_ = end == line.size() ? "" : line.substr(end + 1, behind - end - 1);
  version_ = behind == line.size() ? "" : line.substr(behind + 1);
}

void RequestLog::understood(const Request& request, size_t weight, base::Instant now) {
  method_ = request.method();
  target_ = request.target();
  version_ = request.version();
  cut_line();
  weight_in_ = weight;
  if (!understood_) request_number_ = take_number();
  understood_at_ = now;
  understood_ = true;
}

void RequestLog::intercept(live::Backend* backend, base::Instant now) {
  intercepted_ = true;
  if (backend) note_session(*backend, now);
  frontend_.counters.local().intercepted.add();
}

// haproxy 2.6 counts each refusal twice as the client's abort.
void RequestLog::refuse(live::Backend* backend) {
  if (backend) backend->counters.local().cli_abrt.add(2);
}

void RequestLog::deny() {
  FrontendCounters& counters = frontend_.counters.local();
  counters.dreq.add();
  if (listener_.counters) listener_.counters->local().dreq.add();
  counters.intercepted.add(static_cast<uint64_t>(-1));  // haproxy asks the rules before it counts that
}

void RequestLog::status(int status, size_t weight) {
  status_ = status;
  weight_out_ += weight;
}

void RequestLog::count(live::Backend* backend, base::Instant now) {
  FrontendCounters& counters = frontend_.counters.local();
  counters.h1_streams_ended.add();
  counters.bin.add(weight_in_);
  counters.bout.add(weight_out_);
  by_class(counters, status_).add();
  if (!understood_) counters.ereq.add();
  if (listener_.counters) {
    live::ListenerCounters& own = listener_.counters->local();
    own.bin.add(weight_in_);
    own.bout.add(weight_out_);
    if (!understood_) own.ereq.add();
  }
  if (!backend || !understood_) return;
  BackendCounters& behind = backend->counters.local();
  behind.bin.add(weight_in_);
  behind.bout.add(weight_out_);
  note_session(*backend, now);
  backend->times.add(0, 0, 0, base::milliseconds_between(begun_at_, now));
  if (intercepted_) return;
  // No server could take it.
  behind.stot.add();
  behind.req_tot.add();
  behind.econ.add();
  by_class(behind, status_).add();
  backend->session_rate.add(now);
  backend->rate_max.raise(backend->session_rate.per_second(now));
}

sample::StreamFacts RequestLog::facts(const std::string& backend_name, base::Instant now) const {
  sample::StreamFacts facts;
  facts.client = arrival_.client;
  facts.frontend_address = arrival_.destination.empty() ? listener_.address : arrival_.destination;
  facts.accepted = waiting_wall_;
  facts.frontend = frontend_.name();
  facts.backend = backend_name;
  facts.server = server_name();
  facts.bind_name = listener_.name;
  facts.bind_id = listener_.id;
  facts.t_handshake = arrival_.handshake_ms;
  facts.t_idle = base::milliseconds_between(waiting_since_, begun_at_);
  if (intercepted_) facts.t_queue = facts.t_connect = 0;
  facts.t_total = base::milliseconds_between(waiting_since_, now);
  facts.bytes_in = weight_in_;
  facts.bytes_out = weight_out_;
  facts.actconn = state_.process.current_connections.load(std::memory_order_relaxed);
  facts.feconn = frontend_.current_sessions();
  facts.request_counter = request_number_;
  http_ = {understood_ ? std::string_view(method_) : "<BADREQ>", target_, version_, status_};
  if (understood_) http_.t_request = base::milliseconds_between(begun_at_, understood_at_);
  // haproxy counts its own refusals as no response.
  if (intercepted_ && status_ > 0 && status_ < 400) http_.t_response = 0;
  facts.http = &http_;
  return facts;
}

void RequestLog::finish(std::string_view termination, const std::string& backend_name, live::Backend* backend,
                        uint64_t wire_bytes, base::Instant now) {
  if (!counted_) count_request(now);
  count(backend, now);
  if (left_out_ || !config_.logger.has_targets()) return;
  // As in haproxy: what was not understood counts as a request only where a log line asks for its number.
  if (!understood_) request_number_ = take_number();
  sample::StreamFacts facts = this->facts(backend_name, now);
  // For dontlognull: a client that sent nothing that could be understood has still sent something.
  facts.received = wire_bytes > 0;
  std::copy_n(termination.begin(), std::min(termination.size(), sizeof facts.termination), facts.termination);
  config_.logger.session(facts);
}

}  // namespace ddbproxy::http
