#include "stats/fields.h"

#include <fmt/format.h>

#include "live/health/check_status.h"

namespace ddbproxy::stats {
namespace {

using live::BackendCounters;
using live::FrontendCounters;
using live::ListenerCounters;

constexpr unsigned F = Filter::frontends, B = Filter::backends, S = Filter::servers, L = Filter::listeners;

constexpr Tags key_name{Origin::key, Nature::name, Scope::service};
constexpr Tags key{Origin::key, Nature::gauge, Scope::service};
constexpr Tags process_key{Origin::key, Nature::gauge};
constexpr Tags gauge{Origin::metric, Nature::gauge};
constexpr Tags peak{Origin::metric, Nature::maximum};
constexpr Tags counter{Origin::metric, Nature::counter};
constexpr Tags rate_of{Origin::metric, Nature::rate};
constexpr Tags average{Origin::metric, Nature::average};
constexpr Tags age{Origin::metric, Nature::age};
constexpr Tags duration{Origin::metric, Nature::duration};
constexpr Tags output{Origin::metric, Nature::output};
constexpr Tags status{Origin::status, Nature::gauge};
constexpr Tags limit{Origin::config, Nature::limit};
constexpr Tags setting{Origin::config, Nature::gauge, Scope::service};
constexpr Tags setting_name{Origin::config, Nature::name, Scope::service};

bool http(const Row& row) { return row.proxy->mode == model::Mode::http; }
uint32_t seconds_since(base::Instant then, base::Instant now) {
  return static_cast<uint32_t>(std::max<int64_t>(0, base::milliseconds_between(then, now) / 1000));
}
const live::Server::Health& health(const Row& row) { return row.server->health(); }

// A counter that frontends, backends and servers keep under the same name or not at all.
template <auto Frontends, auto Backends>
Value count(const Row& row) {
  uint64_t sum = 0;
  if (row.kind == RowKind::frontend) {
    if constexpr (Frontends != nullptr) sum = row.frontend->counters.sum(Frontends);
  } else if (row.kind == RowKind::server) {
    if constexpr (Backends != nullptr) sum = row.server->counters.sum(Backends);
  } else if (row.kind == RowKind::backend) {
    if constexpr (Backends != nullptr) sum = row.backend->counters.sum(Backends);
  }
  return Value::u64(sum);
}
template <auto Listeners>
Value count_listener(const Row& row) {
  return Value::u64(row.listener->counters->sum(Listeners));
}
// The same, for columns that only a proxy in HTTP mode has.
template <auto Frontends, auto Backends>
Value count_http(const Row& row) {
  return http(row) ? count<Frontends, Backends>(row) : Value{};
}
// What is still open: those that began less those that ended.
template <auto Began, auto Ended>
Value open_now(const Row& row) {
  if (row.kind != RowKind::frontend) return Value::u64(0);
  const uint64_t ended = row.frontend->counters.sum(Ended), began = row.frontend->counters.sum(Began);
  return Value::u64(began > ended ? began - ended : 0);
}

// Counts what ddbproxy does not do: TLS, HTTP/2, compression, caching, denying, reusing or keeping connections to
// servers.
Value never(const Row&) { return Value::u64(0); }
Value never_u32(const Row&) { return Value::u32(0); }
Value never_http(const Row& row) { return http(row) ? Value::u64(0) : Value{}; }
/// No limit, unless it was added while running: such a server has none of the defaults.
Value idle_limit(const Row& row) { return row.server->added() ? Value::u32(0) : Value{}; }

Value pxname(const Row& row) { return Value::string(row.proxy->name); }
Value svname(const Row& row) {
  switch (row.kind) {
    case RowKind::frontend: return Value::string("FRONTEND");
    case RowKind::backend: return Value::string("BACKEND");
    case RowKind::server: return Value::string(row.server->name());
    case RowKind::listener: break;
  }
  const std::string& name = row.listener->bind->name;
  return Value::string(name.empty() ? fmt::format("sock-{}", row.listener_number) : name);
}
Value pid(const Row&) { return Value::u32(1); }  // the process's number among its master's, not the system's
Value iid(const Row& row) { return Value::u32(row.proxy->id); }
Value sid(const Row& row) {
  if (row.server) return Value::u32(row.server->id());
  return Value::u32(row.listener_number);
}
Value type(const Row& row) { return Value::u32(static_cast<uint32_t>(row.kind)); }
Value mode(const Row& row) { return Value::string(http(row) ? "http" : "tcp"); }

Value qcur(const Row& row) {
  return Value::u32(row.server ? row.server->current_queue() : row.backend->current_queue());
}
Value qmax(const Row& row) {
  return Value::u32(row.server ? row.server->queue_max.get() : row.backend->queue_max.get());
}
Value qlimit(const Row& row) {
  const uint32_t maxqueue = row.server->config().maxqueue;
  return maxqueue ? Value::u32(maxqueue) : Value{};
}

Value scur(const Row& row) {
  switch (row.kind) {
    case RowKind::frontend: return Value::u32(row.frontend->current_sessions());
    case RowKind::backend: return Value::u32(row.backend->current_sessions());
    case RowKind::server: return Value::u32(row.server->current_sessions());
    case RowKind::listener: return Value::u32(row.listener->active->load(std::memory_order_relaxed));
  }
  return {};
}
Value smax(const Row& row) {
  switch (row.kind) {
    case RowKind::frontend: return Value::u32(row.frontend->sessions_max.get());
    case RowKind::backend: return Value::u32(row.backend->sessions_max.get());
    case RowKind::server: return Value::u32(row.server->sessions_max.get());
    case RowKind::listener: break;
  }
  uint64_t largest = 0;
  row.listener->counters->for_each(
      [&](const ListenerCounters& c) { largest = std::max(largest, c.sessions_max.get()); });
  return Value::u32(largest);
}
Value slim(const Row& row) {
  switch (row.kind) {
    case RowKind::frontend: return Value::u32(row.frontend->maxconn());
    case RowKind::backend: return Value::u32(row.backend->settings().fullconn);
    case RowKind::server: return row.server->maxconn() ? Value::u32(row.server->maxconn()) : Value{};
    case RowKind::listener: return Value::u32(row.listener->bind->maxconn);
  }
  return {};
}

Value frontend_status(const Row& row) {
  switch (row.frontend->state()) {
    case live::FrontendState::open:
    case live::FrontendState::full: return Value::string("OPEN");
    case live::FrontendState::paused: return Value::string("PAUSED");
    case live::FrontendState::stopped: return Value::string("STOP");
  }
  return {};
}
Value listener_status(const Row& row) {
  const uint32_t own_limit = row.listener->bind->maxconn;
  const bool full = own_limit && row.listener->active->load(std::memory_order_relaxed) >= own_limit;
  const bool waiting = row.frontend->current_sessions() >= row.frontend->maxconn();
  return Value::string(full ? "FULL" : waiting ? "WAITING" : "OPEN");
}
Value server_status(const Row& row) { return Value::string(row.server->status_text()); }
bool up(const live::Backend& backend) { return backend.servers().empty() || backend.total_weight() > 0; }
Value backend_status(const Row& row) {
  std::string text = up(*row.backend) ? "UP" : "DOWN";
  if (row.counts_servers) {
    size_t running = 0;
    for (const auto& server : row.backend->servers()) running += server->oper_state() != live::OperState::stopped;
    text += fmt::format(" ({}/{})", running, row.backend->servers().size());
  }
  return Value::string(text);
}

// The balancers count in sixteenths, for slowstart.
Value weight(const Row& row) {
  return Value::u32(row.server ? static_cast<uint32_t>((row.server->effective_weight() + 15) / 16)
                               : static_cast<uint32_t>(row.backend->total_weight()));
}
Value uweight(const Row& row) {
  if (row.server) return Value::u32(static_cast<uint32_t>(row.server->user_weight()));
  return Value::u32(static_cast<uint32_t>(row.backend->total_user_weight()));
}
Value act(const Row& row) {
  return Value::u32(row.server ? !row.server->config().backup : row.backend->active_servers());
}
Value bck(const Row& row) {
  return Value::u32(row.server ? row.server->config().backup : row.backend->backup_servers());
}
// While a server warms up: how much of its weight it has, in percent.
Value throttle(const Row& row) {
  const live::Server& server = *row.server;
  if (server.oper_state() != live::OperState::starting || server.config().slowstart.count() == 0) return {};
  const int full = server.user_weight() * 16;
  return full ? Value::u32(static_cast<uint32_t>(std::clamp(server.effective_weight() * 100 / full, 0, 100))) : Value{};
}
Value tracked(const Row& row) {
  const std::string& track = row.server->config().track;
  if (track.empty()) return {};
  return Value::string(track.find('/') == std::string::npos ? row.proxy->name + "/" + track : track);
}

Value chkfail(const Row& row) { return row.server->checks_enabled() ? Value::u64(health(row).failed_checks) : Value{}; }
Value chkdown(const Row& row) {
  if (row.kind == RowKind::backend) return Value::u64(row.backend->down_transitions);
  return row.server->checks_enabled() ? Value::u64(health(row).down_transitions) : Value{};
}
Value lastchg(const Row& row) {
  return Value::u32(seconds_since(row.server ? health(row).last_change : row.backend->last_change, row.now));
}
Value downtime(const Row& row) {
  if (row.kind == RowKind::backend) {
    if (row.backend->servers().empty()) return {};
    const uint32_t running = up(*row.backend) ? 0 : seconds_since(row.backend->last_change, row.now);
    return Value::u32(static_cast<uint64_t>(row.backend->down_seconds) + running);
  }
  if (!row.server->checks_enabled()) return {};
  const bool down = row.server->oper_state() == live::OperState::stopped;
  const uint32_t running = down ? seconds_since(health(row).last_change, row.now) : 0;
  return Value::u32(static_cast<uint64_t>(health(row).down_seconds) + running);
}

Value lastsess(const Row& row) {
  const int64_t then =
      (row.server ? row.server->last_session : row.backend->last_session).load(std::memory_order_relaxed);
  if (then < 0) return Value::s32(-1);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(row.now.time_since_epoch()).count();
  return Value::s32(std::max<int64_t>(0, now - then));
}

Value rate(const Row& row) {
  const base::Rate& meter = row.frontend ? row.frontend->session_rate
                            : row.server ? row.server->session_rate
                                         : row.backend->session_rate;
  return Value::u32(meter.per_second(row.now));
}
Value rate_max(const Row& row) {
  const base::Maximum& most = row.frontend ? row.frontend->session_rate_max
                              : row.server ? row.server->rate_max
                                           : row.backend->rate_max;
  return Value::u32(most.get());
}
Value rate_lim(const Row& row) { return Value::u32(row.frontend->settings().rate_limit_sessions); }
Value req_rate(const Row& row) { return Value::u32(row.frontend->request_rate.per_second(row.now)); }
Value req_rate_max(const Row& row) { return Value::u32(row.frontend->request_rate_max.get()); }
Value conn_rate(const Row& row) { return Value::u32(row.frontend->connection_rate.per_second(row.now)); }
Value conn_rate_max(const Row& row) { return Value::u32(row.frontend->connection_rate_max.get()); }

// Nothing is said of checks that do not take place: `disable health`, maintenance.
bool shows_check(const Row& row) { return row.server->checks_enabled() && !row.server->checks_paused(); }

Value hanafail(const Row& row) {
  if (row.server->config().observe == model::Observe::none) return {};
  return Value::u64(row.server->observed_failures.load(std::memory_order_relaxed));
}
Value check_status(const Row& row) {
  if (!shows_check(row)) return {};
  const auto name = live::check_status_row(health(row).status).name;
  return Value::string(row.server->check_running() ? fmt::format("* {}", name) : std::string(name));
}
Value check_code(const Row& row) {
  return shows_check(row) && live::check_status_row(health(row).status).has_code
             ? Value::u32(static_cast<uint32_t>(health(row).code))
             : Value{};
}
Value check_duration(const Row& row) {
  return shows_check(row) && health(row).duration_ms >= 0 ? Value::u64(static_cast<uint64_t>(health(row).duration_ms))
                                                          : Value{};
}
// haproxy says nothing of the last check while the next is running.
Value last_chk(const Row& row) {
  if (!shows_check(row)) return {};
  return Value::string(row.server->check_running() ? std::string_view() : health(row).description);
}
Value check_desc(const Row& row) {
  return shows_check(row) ? Value::string(live::check_status_row(health(row).status).words) : Value{};
}
Value check_rise(const Row& row) {
  return shows_check(row) ? Value::u32(static_cast<uint32_t>(row.server->config().check.rise)) : Value{};
}
Value check_fall(const Row& row) {
  return shows_check(row) ? Value::u32(static_cast<uint32_t>(row.server->config().check.fall)) : Value{};
}
Value check_health(const Row& row) {
  return shows_check(row) ? Value::u32(static_cast<uint32_t>(health(row).health)) : Value{};
}

// Of an agent all is said but when it is silenced: it goes on in maintenance.
const live::Server::Health* agent(const Row& row) {
  return row.server->agent_enabled() ? &row.server->agent() : nullptr;
}
Value agent_status(const Row& row) {
  if (!agent(row)) return {};
  const auto name = live::check_status_row(agent(row)->status).name;
  // Once it is known that nothing will come, haproxy shows the result of before as if it were the last.
  const bool settled = !agent(row)->remark.empty() && agent(row)->status != live::CheckStatus::initializing;
  return Value::string(row.server->agent_running() && !settled ? fmt::format("* {}", name) : std::string(name));
}
Value agent_code(const Row& row) {
  return agent(row) && live::check_status_row(agent(row)->status).has_code
             ? Value::u32(static_cast<uint32_t>(agent(row)->code))
             : Value{};
}
Value agent_duration(const Row& row) {
  return agent(row) && agent(row)->duration_ms >= 0 ? Value::u64(static_cast<uint64_t>(agent(row)->duration_ms))
                                                    : Value{};
}
Value last_agt(const Row& row) {
  if (!agent(row)) return {};
  return Value::string(row.server->agent_running() ? agent(row)->remark : agent(row)->description);
}
Value agent_desc(const Row& row) {
  return agent(row) ? Value::string(live::check_status_row(agent(row)->status).words) : Value{};
}
/// rise and fall: one answer is enough.
Value agent_one(const Row& row) { return agent(row) ? Value::u32(1) : Value{}; }
Value agent_health(const Row& row) {
  return agent(row) ? Value::u32(static_cast<uint32_t>(agent(row)->health)) : Value{};
}

template <auto Member>
Value time(const Row& row) {
  const live::TimeStats& times = row.server ? row.server->times : row.backend->times;
  return Value::u32(times.get().*Member);
}

Value addr(const Row& row) {
  if (!row.details) return {};
  const Address address = row.listener ? row.listener->address : row.server->address();
  return Value::string(address.is_unix() ? "unix" : address.text());
}
Value server_cookie(const Row& row) {
  const std::string& cookie = row.server->config().cookie;
  return row.details && !cookie.empty() ? Value::string(cookie) : Value{};
}
/// 2.6 has no name for `random` here.
Value algo(const Row& row) {
  if (!row.details) return {};
  const model::Balance& balance = row.backend->settings().balance;
  return Value::string(balance.algorithm == model::Algorithm::random ? "unknown" : balance.text);
}
Value needed_connections(const Row& row) { return Value::u32(row.server->connections_needed()); }
Value used_connections(const Row&) { return Value::u32(live::Server::connections_in_use); }

using Times = live::TimeStats::Values;
using FC = FrontendCounters;
using BC = BackendCounters;
using LC = ListenerCounters;

// clang-format off
using Shape = Metric::Shape;
using OnlyOf = Metric::OnlyOf;

constexpr Field table[] = {
  {"pxname", "name of the proxy", {}, {F | B | S | L, key_name, pxname}},
  {"svname", "name of the server or listening socket; FRONTEND or BACKEND for a whole side", {}, {F | B | S | L, key_name, svname}},
  {"qcur", "connections waiting for a server now", {"current_queue", B | S}, {B | S, gauge, qcur}},
  {"qmax", "most connections that ever waited at once", {"max_queue", B | S}, {B | S, peak, qmax}},
  {"scur", "sessions open now", {"current_sessions", F | L | B | S}, {F | B | S | L, gauge, scur}},
  {"smax", "most sessions that were ever open at once", {"max_sessions", F | L | B | S}, {F | B | S | L, peak, smax}},
  {"slim", "maxconn of a frontend, socket or server; fullconn of a backend", {"limit_sessions", F | L | B | S}, {F | B | S | L, limit, slim}},
  {"stot", "sessions since the start", {"sessions_total", F | L | B | S}, {F | B | S, counter, count<&FC::stot, &BC::stot>}, {L, counter, count_listener<&LC::stot>}},
  {"bin", "bytes received from clients", {"bytes_in_total", F | L | B | S}, {F | B | S, counter, count<&FC::bin, &BC::bin>}, {L, counter, count_listener<&LC::bin>}},
  {"bout", "bytes sent to clients", {"bytes_out_total", F | L | B | S}, {F | B | S, counter, count<&FC::bout, &BC::bout>}, {L, counter, count_listener<&LC::bout>}},
  {"dreq", "requests that a rule denied", {"requests_denied_total", F | L | B}, {F | B, counter, count<&FC::dreq, &BC::dreq>}, {L, counter, count_listener<&LC::dreq>}},
  {"dresp", "responses that a rule denied", {"responses_denied_total", F | L | B | S}, {F | B | S, counter, count<&FC::dresp, &BC::dresp>}, {L, counter, count_listener<&LC::dresp>}},
  {"ereq", "requests that could not be understood, or never came whole", {"request_errors_total", F | L}, {F, counter, count<&FC::ereq, nullptr>}, {L, counter, count_listener<&LC::ereq>}},
  {"econ", "connections to a server that failed", {"connection_errors_total", B | S}, {B | S, counter, count<nullptr, &BC::econ>}},
  {"eresp", "responses that failed: broken, or cut by the server or the client", {"response_errors_total", B | S}, {B | S, counter, count<nullptr, &BC::eresp>}},
  {"wretr", "connection attempts that were repeated", {"retry_warnings_total", B | S}, {B | S, counter, count<nullptr, &BC::wretr>}},
  {"wredis", "sessions sent to another server because theirs failed", {"redispatch_warnings_total", B | S}, {B | S, counter, count<nullptr, &BC::wredis>}},
  {"status", "state: OPEN, UP, DOWN, MAINT, DRAIN, NOLB, no check", {"status", F | L | B | S, Shape::state}, {F | L, status, [](const Row& r) { return r.listener ? listener_status(r) : frontend_status(r); }},
             {B | S, status, [](const Row& r) { return r.server ? server_status(r) : backend_status(r); }}},
  {"weight", "weight now; of a backend, the sum of its servers in use", {"weight", B | S}, {B | S, average, weight}},
  {"act", "servers in use that are no backups; of a server, whether it is none", {"active_servers", B}, {S, status, act}, {B, gauge, act}},
  {"bck", "backup servers that are up; of a server, whether it is one", {"backup_servers", B}, {S, status, bck}, {B, gauge, bck}},
  {"chkfail", "health checks that failed while the server was up", {"check_failures_total", S}, {S, counter, chkfail}},
  {"chkdown", "times it went down", {"check_up_down_total", B | S}, {B | S, counter, chkdown}},
  {"lastchg", "seconds since it last went up or down", {"check_last_change_seconds", B | S}, {B | S, age, lastchg}},
  {"downtime", "seconds it has been down in all", {"downtime_seconds_total", B | S}, {B | S, counter, downtime}},
  {"qlimit", "maxqueue of the server", {"queue_limit", S}, {S, setting, qlimit}},
  {"pid", "number of the process among those of its master, always 1", {}, {F | B | S | L, process_key, pid}},
  {"iid", "number of the proxy", {}, {F | B | S | L, key, iid}},
  {"sid", "number of the server or socket in its proxy", {}, {F | B | S | L, key, sid}},
  {"throttle", "percent of its weight that a server in slowstart has reached", {"current_throttle", S}, {S, average, throttle}},
  {"lbtot", "times that load balancing chose it", {"loadbalanced_total", B | S}, {B | S, counter, count<nullptr, &BC::lbtot>}},
  {"tracked", "the server whose state it follows", {}, {S, setting_name, tracked}},
  {"type", "0 frontend, 1 backend, 2 server, 3 listening socket", {}, {F | B | S | L, setting, type}},
  {"rate", "sessions in the last second", {}, {F | S, rate_of, rate}, {B, gauge, rate}},
  {"rate_lim", "rate-limit sessions of the frontend", {"limit_session_rate", F}, {F, limit, rate_lim}},
  {"rate_max", "most sessions in a second", {"max_session_rate", F | B | S}, {F | S, peak, rate_max}, {B, gauge, rate_max}},
  {"check_status", "how the last health check ended", {"check_status", S, Shape::check_status, OnlyOf::checked}, {S, output, check_status}},
  {"check_code", "status or code that the last health check received", {"check_code", S, Shape::number, OnlyOf::checked}, {S, output, check_code}},
  {"check_duration", "milliseconds that the last health check took", {"check_duration_seconds", S, Shape::milliseconds, OnlyOf::checked}, {S, duration, check_duration}},
  {"hrsp_1xx", "HTTP responses with a status of 1xx", {"http_responses_total", F | B | S, Shape::status_code, OnlyOf::http}, {F | B | S, counter, count_http<&FC::hrsp_1xx, &BC::hrsp_1xx>}},
  {"hrsp_2xx", "HTTP responses with a status of 2xx", {"http_responses_total", F | B | S, Shape::status_code, OnlyOf::http}, {F | B | S, counter, count_http<&FC::hrsp_2xx, &BC::hrsp_2xx>}},
  {"hrsp_3xx", "HTTP responses with a status of 3xx", {"http_responses_total", F | B | S, Shape::status_code, OnlyOf::http}, {F | B | S, counter, count_http<&FC::hrsp_3xx, &BC::hrsp_3xx>}},
  {"hrsp_4xx", "HTTP responses with a status of 4xx", {"http_responses_total", F | B | S, Shape::status_code, OnlyOf::http}, {F | B | S, counter, count_http<&FC::hrsp_4xx, &BC::hrsp_4xx>}},
  {"hrsp_5xx", "HTTP responses with a status of 5xx", {"http_responses_total", F | B | S, Shape::status_code, OnlyOf::http}, {F | B | S, counter, count_http<&FC::hrsp_5xx, &BC::hrsp_5xx>}},
  {"hrsp_other", "HTTP responses with another status, or cut before they had one", {"http_responses_total", F | B | S, Shape::status_code, OnlyOf::http}, {F | B | S, counter, count_http<&FC::hrsp_other, &BC::hrsp_other>}},
  {"hanafail", "failures seen by observing traffic", {}, {S, counter, hanafail}},
  {"req_rate", "HTTP requests in the last second", {}, {F, rate_of, req_rate}},
  {"req_rate_max", "most HTTP requests in a second", {"http_requests_rate_max", F, Shape::number, OnlyOf::http}, {F, peak, req_rate_max}},
  {"req_tot", "HTTP requests since the start", {"http_requests_total", F | B, Shape::number, OnlyOf::http}, {F, counter, count<&FC::req_tot, nullptr>}, {B | S, counter, count_http<nullptr, &BC::req_tot>}},
  {"cli_abrt", "transfers that the client broke off", {"client_aborts_total", B | S}, {B | S, counter, count<nullptr, &BC::cli_abrt>}},
  {"srv_abrt", "transfers that the server broke off", {"server_aborts_total", B | S}, {B | S, counter, count<nullptr, &BC::srv_abrt>}},
  {"comp_in", "bytes given to compression", {"http_comp_bytes_in_total", F | B, Shape::number, OnlyOf::http}, {F | B, counter, never}},
  {"comp_out", "bytes that compression gave back", {"http_comp_bytes_out_total", F | B, Shape::number, OnlyOf::http}, {F | B, counter, never}},
  {"comp_byp", "bytes that went past compression to save effort", {"http_comp_bytes_bypassed_total", F | B, Shape::number, OnlyOf::http}, {F | B, counter, never}},
  {"comp_rsp", "responses that were compressed", {"http_comp_responses_total", F | B, Shape::number, OnlyOf::http}, {F | B, counter, never}},
  {"lastsess", "seconds since the last session; -1: none yet", {"last_session_seconds", B | S}, {B | S, age, lastsess}},
  {"last_chk", "what the last health check said of its result", {}, {S, output, last_chk}},
  {"last_agt", "what the last agent check said of its result", {}, {S, output, last_agt}},
  {"qtime", "average milliseconds in the queue, of the last 1024 sessions", {"queue_time_average_seconds", B | S, Shape::milliseconds}, {B | S, average, time<&Times::qtime>}},
  {"ctime", "average milliseconds until connected, of the last 1024 sessions", {"connect_time_average_seconds", B | S, Shape::milliseconds}, {B | S, average, time<&Times::ctime>}},
  {"rtime", "average milliseconds until the server answered, of the last 1024 sessions", {"response_time_average_seconds", B | S, Shape::milliseconds}, {B | S, average, time<&Times::rtime>}},
  {"ttime", "average milliseconds of a whole session, of the last 1024", {"total_time_average_seconds", B | S, Shape::milliseconds}, {B | S, average, time<&Times::ttime>}},
  {"agent_status", "how the last agent check ended", {}, {S, output, agent_status}},
  {"agent_code", "code that the last agent check received", {}, {S, output, agent_code}},
  {"agent_duration", "milliseconds that the last agent check took", {}, {S, duration, agent_duration}},
  {"check_desc", "check_status in words", {}, {S, output, check_desc}},
  {"agent_desc", "agent_status in words", {}, {S, output, agent_desc}},
  {"check_rise", "good checks in a row that bring the server up", {}, {S, setting, check_rise}},
  {"check_fall", "failed checks in a row that take it down", {}, {S, setting, check_fall}},
  {"check_health", "0 to rise + fall - 1: where between down and up it stands", {}, {S, setting, check_health}},
  {"agent_rise", "rise of the agent check", {}, {S, setting, agent_one}},
  {"agent_fall", "fall of the agent check", {}, {S, setting, agent_one}},
  {"agent_health", "where between down and up the agent check stands", {}, {S, setting, agent_health}},
  {"addr", "address and port; needs show-legends, or level operator", {}, {S | L, setting, addr}},
  {"cookie", "cookie value of the server; needs show-legends, or level operator", {}, {S, setting_name, server_cookie}},
  {"mode", "tcp or http", {}, {F | B | S | L, setting, mode}},
  {"algo", "balance algorithm; needs show-legends, or level operator", {}, {B, setting, algo}},
  {"conn_rate", "connections accepted in the last second", {}, {F, rate_of, conn_rate}},
  {"conn_rate_max", "most connections accepted in a second", {"connections_rate_max", F}, {F, peak, conn_rate_max}},
  {"conn_tot", "connections accepted since the start", {"connections_total", F}, {F, counter, count<&FC::conn_tot, nullptr>}},
  {"intercepted", "requests that were answered without a server, as for this page", {"intercepted_requests_total", F, Shape::number, OnlyOf::http}, {F, counter, count_http<&FC::intercepted, nullptr>}},
  {"dcon", "connections that a tcp-request connection rule refused", {"denied_connections_total", F | L}, {F, counter, count<&FC::dcon, nullptr>}, {L, counter, count_listener<&LC::dcon>}},
  {"dses", "sessions that a tcp-request session rule refused", {"denied_sessions_total", F | L}, {F, counter, count<&FC::dses, nullptr>}, {L, counter, count_listener<&LC::dses>}},
  {"wrew", "header rewrites that failed", {"failed_header_rewriting_total", F | L | B | S}, {F | B | S | L, counter, never}},
  {"connect", "connection attempts to servers", {"connection_attempts_total", B | S}, {B | S, counter, count<nullptr, &BC::connect>}},
  {"reuse", "server connections that served another request", {"connection_reuses_total", B | S}, {B | S, counter, never}},
  {"cache_lookups", "requests looked up in the cache", {"http_cache_lookups_total", F | B, Shape::number, OnlyOf::http}, {F | B, counter, never_http}},
  {"cache_hits", "requests answered from the cache", {"http_cache_hits_total", F | B, Shape::number, OnlyOf::http}, {F | B, counter, never_http}},
  {"srv_icur", "idle connections kept to the server now", {"idle_connections_current", S}, {S, gauge, never_u32}},
  {"src_ilim", "most idle connections that may be kept", {"idle_connections_limit", S}, {S, limit, idle_limit}},
  {"qtime_max", "most milliseconds in the queue", {"max_queue_time_seconds", B | S, Shape::milliseconds}, {B | S, peak, time<&Times::qtime_max>}},
  {"ctime_max", "most milliseconds until connected", {"max_connect_time_seconds", B | S, Shape::milliseconds}, {B | S, peak, time<&Times::ctime_max>}},
  {"rtime_max", "most milliseconds until the server answered", {"max_response_time_seconds", B | S, Shape::milliseconds}, {B | S, peak, time<&Times::rtime_max>}},
  {"ttime_max", "most milliseconds of a whole session", {"max_total_time_seconds", B | S, Shape::milliseconds}, {B | S, peak, time<&Times::ttime_max>}},
  {"eint", "internal errors", {"internal_errors_total", F | L | B | S}, {F | B | S | L, counter, never}},
  {"idle_conn_cur", "idle connections kept that may not be shared", {"unsafe_idle_connections_current", S}, {S, gauge, never_u32}},
  {"safe_conn_cur", "idle connections kept that may be shared", {"safe_idle_connections_current", S}, {S, gauge, never_u32}},
  {"used_conn_cur", "connections to the server that sessions share and use", {"used_connections_current", S}, {S, gauge, used_connections}},
  {"need_conn_est", "connections to the server that will be needed at once", {"need_connections_current", S}, {S, gauge, needed_connections}},
  {"uweight", "weight as set, before slowstart; of a backend, the sum of its servers in use", {"uweight", B | S}, {B | S, average, uweight}},
  {"agg_server_status", "counted by the Prometheus exporter only, here 0", {"agg_server_status", B, Shape::servers_by_state}, {B, gauge, never_u32}},
  {"agg_server_check_status", "counted by the Prometheus exporter only, here 0", {"agg_server_check_status", B, Shape::servers_by_state}, {B, gauge, never_u32}},
  {"agg_check_status", "counted by the Prometheus exporter only, here 0", {"agg_check_status", B, Shape::servers_by_check}, {B, gauge, never_u32}},

  {"ssl_sess", "TLS sessions", {}, {F | B | S | L, counter, never}, {}, true},
  {"ssl_reused_sess", "TLS sessions resumed", {}, {F | B | S | L, counter, never}, {}, true},
  {"ssl_failed_handshake", "TLS handshakes that failed", {}, {F | B | S | L, counter, never}, {}, true},
  {"h2_headers_rcvd", "HTTP/2 HEADERS frames received", {}, {F | B, counter, never}, {}, true},
  {"h2_data_rcvd", "HTTP/2 DATA frames received", {}, {F | B, counter, never}, {}, true},
  {"h2_settings_rcvd", "HTTP/2 SETTINGS frames received", {}, {F | B, counter, never}, {}, true},
  {"h2_rst_stream_rcvd", "HTTP/2 RST_STREAM frames received", {}, {F | B, counter, never}, {}, true},
  {"h2_goaway_rcvd", "HTTP/2 GOAWAY frames received", {}, {F | B, counter, never}, {}, true},
  {"h2_detected_conn_protocol_errors", "HTTP/2 errors of a connection", {}, {F | B, counter, never}, {}, true},
  {"h2_detected_strm_protocol_errors", "HTTP/2 errors of a stream", {}, {F | B, counter, never}, {}, true},
  {"h2_rst_stream_resp", "HTTP/2 RST_STREAM frames sent upon an error", {}, {F | B, counter, never}, {}, true},
  {"h2_goaway_resp", "HTTP/2 GOAWAY frames sent upon an error", {}, {F | B, counter, never}, {}, true},
  {"h2_open_connections", "HTTP/2 connections open now", {}, {F | B, gauge, never}, {}, true},
  {"h2_backend_open_streams", "HTTP/2 streams open now", {}, {F | B, gauge, never}, {}, true},
  {"h2_total_connections", "HTTP/2 connections since the start", {}, {F | B, counter, never}, {}, true},
  {"h2_backend_total_streams", "HTTP/2 streams since the start", {}, {F | B, counter, never}, {}, true},
  {"h1_open_connections", "HTTP/1 connections open now", {}, {F | B, gauge, open_now<&FC::h1_opened, &FC::h1_closed>}, {}, true},
  {"h1_open_streams", "HTTP/1 requests under way", {}, {F | B, gauge, open_now<&FC::h1_streams, &FC::h1_streams_ended>}, {}, true},
  {"h1_total_connections", "HTTP/1 connections since the start", {}, {F | B, counter, count<&FC::h1_opened, nullptr>}, {}, true},
  {"h1_total_streams", "HTTP/1 requests since the start", {}, {F | B, counter, count<&FC::h1_streams, nullptr>}, {}, true},
  {"h1_bytes_in", "bytes received as HTTP/1", {}, {F | B, counter, count<&FC::h1_bytes_in, nullptr>}, {}, true},
  {"h1_bytes_out", "bytes sent as HTTP/1", {}, {F | B, counter, count<&FC::h1_bytes_out, nullptr>}, {}, true},
  {"h1_spliced_bytes_in", "bytes received as HTTP/1 through a kernel pipe", {}, {F | B, counter, never}, {}, true},
  {"h1_spliced_bytes_out", "bytes sent as HTTP/1 through a kernel pipe", {}, {F | B, counter, never}, {}, true},
};
// clang-format on
static_assert(std::size(table) == 127);

}  // namespace

const Source* Field::for_kind(RowKind kind) const {
  const unsigned bit = 1u << static_cast<unsigned>(kind);
  return source.kinds & bit ? &source : other.kinds & bit ? &other : nullptr;
}

std::span<const Field> fields() { return table; }

}  // namespace ddbproxy::stats
