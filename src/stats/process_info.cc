#include "stats/process_info.h"

#include <algorithm>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ddbproxy/version.h>

#include "base/host_name.h"
#include "base/memory.h"
#include "base/thread_slot.h"
#include "live/peers/peer_sections.h"
#include "log/forwarder.h"
#include "log/logger.h"

namespace ddbproxy::stats {
namespace {

constexpr Tags product{Origin::product, Nature::output, Scope::service};
constexpr Tags setting{Origin::config, Nature::gauge, Scope::service};
constexpr Tags setting_text{Origin::config, Nature::output, Scope::service};
constexpr Tags key{Origin::key, Nature::gauge};
constexpr Tags status{Origin::status, Nature::gauge};
constexpr Tags duration{Origin::metric, Nature::duration};
constexpr Tags limit{Origin::config, Nature::limit};
constexpr Tags gauge{Origin::metric, Nature::gauge};
constexpr Tags counter{Origin::metric, Nature::counter};
constexpr Tags rate{Origin::metric, Nature::rate};
constexpr Tags peak{Origin::metric, Nature::maximum};
constexpr Tags average{Origin::metric, Nature::average};

int64_t uptime_us(const ProcessInfo& info) {
  return std::chrono::duration_cast<std::chrono::microseconds>(info.now - base::start_instant()).count();
}
Value uptime_text(const ProcessInfo& info) {
  const int64_t seconds = uptime_us(info) / 1'000'000;
  return Value::string(
      fmt::format("{}d {}h{:02}m{:02}s", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60));
}
Value uptime(const ProcessInfo& info) {
  return info.floats ? Value::decimal(uptime_us(info)) : Value::u32(static_cast<uint64_t>(uptime_us(info) / 1'000'000));
}
Value start_time(const ProcessInfo& info) {
  const int64_t us =
      std::chrono::duration_cast<std::chrono::microseconds>(base::start_time().time_since_epoch()).count();
  return info.floats ? Value::decimal(us) : Value::u32(static_cast<uint64_t>(us / 1'000'000));
}
Value events(const ProcessInfo& info, const base::Rate& rate) {
  if (!info.floats) return Value::u32(rate.per_second(info.now));
  return Value::decimal(static_cast<int64_t>(rate.thousandths_per_second(info.now)) * 1000);
}
Value no_rate(const ProcessInfo& info) { return info.floats ? Value::decimal(0) : Value::u32(0); }
Value tasks(const ProcessInfo& info) {
  uint64_t checks = 0;
  for (const auto& backend : info.state.backends()) {
    for (const auto& server : backend->servers()) checks += server->checked() + server->has_agent();
  }
  return Value::u32(checks + info.sessions() + info.listeners());
}
Value optional_text(const std::string& text) { return text.empty() ? Value{} : Value::string(text); }
Value node(const ProcessInfo& info) {
  if (!info.state.model().global.node.empty()) return Value::string(info.state.model().global.node);
  return Value::string(base::host_name());
}

// What ddbproxy has not: TLS, compression, pipes kept for splicing, name resolution.
Value never(const ProcessInfo&) { return Value::u32(0); }

using I = const ProcessInfo&;

// clang-format off
constexpr InfoField table[] = {
  {"Name", "the program whose place this one takes", {}, product, [](I) { return Value::string("HAProxy"); }},
  {"Version", "the version whose place this one takes", {}, product, [](I) { return Value::string(haproxy_version); }},
  {"Release_date", "release date of that version", {}, product, [](I) { return Value::string(haproxy_date); }},
  {"Nbthread", "worker threads", "nbthread", setting, [](I) { return Value::u32(static_cast<uint64_t>(base::workers())); }},
  {"Nbproc", "worker processes, always 1", "nbproc", setting, [](I) { return Value::u32(1); }},
  {"Process_num", "number of this worker process, always 1", "relative_process_id", key, [](I) { return Value::u32(1); }},
  {"Pid", "process id", {}, status, [](I) { return Value::u32(static_cast<uint64_t>(::getpid())); }},
  {"Uptime", "time since the start", {}, duration, uptime_text},
  {"Uptime_sec", "seconds since the start", "uptime_seconds", duration, uptime},
  {"Memmax_MB", "memory limit (-m) in MB; 0: none", {}, limit, [](I i) { return Value::u32(i.memory_mb); }},
  {"PoolAlloc_MB", "memory taken from the system, in MB", {}, gauge, [](I i) { return Value::u32(i.heap_allocated >> 20); }},
  {"PoolUsed_MB", "memory in use, in MB", {}, gauge, [](I i) { return Value::u32(i.heap_used >> 20); }},
  {"PoolFailed", "allocations that failed", "pool_failures_total", counter, [](I) { return Value::u32(static_cast<uint32_t>(base::failed_allocations())); }},
  {"Ulimit-n", "most file descriptors", "max_fds", limit, [](I i) { return Value::u32(i.state.process.ulimit_n); }},
  {"Maxsock", "most sockets", "max_sockets", limit, [](I i) { return Value::u32(i.state.process.maxsock); }},
  {"Maxconn", "most connections, as set or worked out", "max_connections", limit, [](I i) { return Value::u32(i.state.process.maxconn.load(std::memory_order_relaxed)); }},
  {"Hard_maxconn", "most connections, at the start", "hard_max_connections", limit, [](I i) { return Value::u32(i.state.process.hard_maxconn); }},
  {"CurrConns", "connections open now", "current_connections", gauge, [](I i) { return Value::u32(i.state.process.current_connections.load(std::memory_order_relaxed)); }},
  {"CumConns", "connections since the start", "connections_total", counter, [](I i) { return Value::u32(i.state.process.total_connections.load(std::memory_order_relaxed)); }},
  {"CumReq", "requests since the start", "requests_total", counter, [](I i) { return Value::u32(i.state.process.total_requests.load(std::memory_order_relaxed)); }},
  {"MaxSslConns", "most TLS connections", "max_ssl_connections", peak, never},
  {"CurrSslConns", "TLS connections open now", "current_ssl_connections", gauge, never},
  {"CumSslConns", "TLS connections since the start", "ssl_connections_total", counter, never},
  {"Maxpipes", "most pipes for splicing; 0: no limit of its own", "max_pipes", limit, [](I i) { return Value::u32(i.state.process.maxpipes); }},
  {"PipesUsed", "pipes in use", "pipes_used_total", gauge, [](I i) { const net::PipeBudget& pipes = i.state.process.pipes; return Value::u32(pipes.open - pipes.idle); }},
  {"PipesFree", "pipes kept for use", "pipes_free_total", gauge, [](I i) { return Value::u32(i.state.process.pipes.idle); }},
  {"ConnRate", "client connections in the last second", "current_connection_rate", rate, [](I i) { return events(i, i.state.process.connection_rate); }},
  {"ConnRateLimit", "maxconnrate; 0: none", "limit_connection_rate", limit, [](I i) { return Value::u32(i.state.process.connection_rate_limit.load(std::memory_order_relaxed)); }},
  {"MaxConnRate", "most client connections in a second", "max_connection_rate", peak, [](I i) { return Value::u32(i.state.process.connection_rate_max.get()); }},
  {"SessRate", "sessions in the last second", "current_session_rate", rate, [](I i) { return events(i, i.state.process.session_rate); }},
  {"SessRateLimit", "maxsessrate; 0: none", "limit_session_rate", limit, [](I i) { return Value::u32(i.state.process.session_rate_limit.load(std::memory_order_relaxed)); }},
  {"MaxSessRate", "most sessions in a second", "max_session_rate", rate, [](I i) { return Value::u32(i.state.process.session_rate_max.get()); }},
  {"SslRate", "TLS connections in the last second", "current_ssl_rate", rate, no_rate},
  {"SslRateLimit", "maxsslrate; 0: none", "limit_ssl_rate", limit, never},
  {"MaxSslRate", "most TLS connections in a second", "max_ssl_rate", peak, never},
  {"SslFrontendKeyRate", "TLS keys made for clients in the last second", "current_frontend_ssl_key_rate", gauge, no_rate},
  {"SslFrontendMaxKeyRate", "most TLS keys made for clients in a second", "max_frontend_ssl_key_rate", peak, never},
  {"SslFrontendSessionReuse_pct", "percent of clients' TLS sessions that were resumed", "frontend_ssl_reuse", gauge, no_rate},
  {"SslBackendKeyRate", "TLS keys made for servers in the last second", "current_backend_ssl_key_rate", rate, no_rate},
  {"SslBackendMaxKeyRate", "most TLS keys made for servers in a second", "max_backend_ssl_key_rate", peak, never},
  {"SslCacheLookups", "look-ups of TLS sessions", "ssl_cache_lookups_total", counter, never},
  {"SslCacheMisses", "look-ups of TLS sessions that found none", "ssl_cache_misses_total", counter, never},
  {"CompressBpsIn", "bytes given to compression in the last second", "http_comp_bytes_in_total", rate, no_rate},
  {"CompressBpsOut", "bytes that compression gave in the last second", "http_comp_bytes_out_total", rate, no_rate},
  {"CompressBpsRateLim", "maxcomprate; 0: none", "limit_http_comp", limit, never},
  {"ZlibMemUsage", "memory that zlib uses", "current_zlib_memory", gauge, nullptr},
  {"MaxZlibMemUsage", "maxzlibmem", "max_zlib_memory", limit, nullptr},
  {"Tasks", "sessions, listening sockets and health checks", "current_tasks", gauge, tasks},
  {"Run_queue", "tasks that wait for a thread; an event loop here keeps none waiting", "current_run_queue", gauge, never},
  {"Idle_pct", "percent of their time that the worker threads rested since the figure was last asked", "idle_time_percent", average, [](I i) { return Value::u32(i.idle_percent); }},
  {"node", "name of this node", {}, setting_text, node},
  {"description", "description of this node", {}, setting_text, [](I i) { return optional_text(i.state.model().global.description); }},
  {"Stopping", "1 while the process waits for its last sessions to end", "stopping", gauge, [](I i) { return Value::u32(i.stopping); }},
  {"Jobs", "sessions and listening sockets", "jobs", gauge, [](I i) { return Value::u32(i.sessions() + i.listeners()); }},
  {"Unstoppable Jobs", "sessions that a stop does not wait for", "unstoppable_jobs", gauge, never},
  {"Listeners", "listening sockets", "listeners", gauge, [](I i) { return Value::u32(i.listeners()); }},
  {"ActivePeers", "peers that are connected and known", "active_peers", gauge, [](I i) { return Value::u32(i.peers ? i.peers->active() : 0); }},
  {"ConnectedPeers", "peers that are connected", "connected_peers", gauge, [](I i) { return Value::u32(i.peers ? i.peers->connected() : 0); }},
  {"DroppedLogs", "log messages that no target took", "dropped_logs_total", gauge, [](I) { return Value::u32(log::dropped()); }},
  {"BusyPolling", "1 with busy-polling", "busy_polling_enabled", gauge, never},
  {"FailedResolutions", "names that could not be resolved", "failed_resolutions", gauge, never},
  {"TotalBytesOut", "bytes sent to clients and servers", "bytes_out_total", gauge, [](I i) { return Value::u64(i.bytes_out()); }},
  {"TotalSplicdedBytesOut", "bytes sent through a kernel pipe", "spliced_bytes_out_total", gauge, [](I i) { return Value::u64(i.state.process.sent.sum(&net::Sent::spliced)); }},
  {"BytesOutRate", "bytes sent in the last second", "bytes_out_rate", rate, [](I i) { return Value::u64(i.bytes_out_rate()); }},
  {"DebugCommandsIssued", "debug commands that were given", {}, gauge, never},
  {"CumRecvLogs", "log messages received for forwarding", "recv_logs_total", counter, [](I) { return Value::u32(log::received()); }},
  {"Build info", "this program and its version", "build_info", product, [](I) { return Value::string(std::string("ddbproxy ") + version); }},
  {"Memmax_bytes", "memory limit (-m) in bytes; 0: none", "max_memory_bytes", limit, [](I i) { return Value::u32(i.memory_mb << 20); }},
  {"PoolAlloc_bytes", "memory taken from the system, in bytes", "pool_allocated_bytes", gauge, [](I i) { return Value::u64(i.heap_allocated); }},
  {"PoolUsed_bytes", "memory in use, in bytes", "pool_used_bytes", gauge, [](I i) { return Value::u64(i.heap_used); }},
  {"Start_time_sec", "when the process started, in seconds since 1970", "start_time_seconds", duration, start_time},
  {"Tainted", "what was done to the process that is not supported; 0: nothing", {}, status, [](I) { return Value::string("0"); }},
  // What haproxy has not stands behind what it has.
  {"Reloads", "times that the configuration was read anew and carried out", "reloads_total", counter, [](I i) { return Value::u32(i.reloads); }},
  {"Last_reload_sec", "when that was last, in seconds since 1970; 0: never", "last_reload_seconds", duration, [](I i) { return Value::u32(i.last_reload ? static_cast<uint32_t>(base::unix_seconds(*i.last_reload)) : 0); }},
};
// clang-format on
static_assert(std::size(table) == 74);

int64_t cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) { return int64_t{t.tv_sec} * 1'000'000 + t.tv_usec; };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

}  // namespace

std::span<const InfoField> info_fields() { return table; }

uint32_t ProcessInfo::listeners() const {
  size_t count = runtime_api_listeners + (peers ? peers->listeners() : 0);
  for (const auto& frontend : state.frontends()) {
    if (frontend->state() != live::FrontendState::stopped) count += frontend->listeners().size();
  }
  return static_cast<uint32_t>(count);
}

uint32_t ProcessInfo::sessions() const {
  uint32_t count = runtime_api_sessions;
  for (const auto& frontend : state.frontends()) count += frontend->current_sessions();
  return count;
}

void ProcessInfo::measure() {
  now = base::now();
  const struct mallinfo2 heap = ::mallinfo2();
  heap_allocated = heap.arena + heap.hblkhd;
  heap_used = heap.uordblks + heap.hblkhd;
}

void ProcessInfo::second_passed() {
  const base::Instant at = base::now();
  const int64_t cpu = cpu_us();
  const int64_t available_us =
      std::max<int64_t>(1, base::milliseconds_between(second_.began, at) * 1000 * base::workers());
  idle_percent = static_cast<uint32_t>(std::clamp<int64_t>(100 - (cpu - second_.cpu_us) * 100 / available_us, 0, 100));
  const uint64_t sent = bytes_out();
  second_ = {at, cpu, sent, sent - second_.bytes};
}

uint64_t ProcessInfo::bytes_out() const { return state.process.sent.sum(&net::Sent::all); }

uint64_t ProcessInfo::bytes_out_rate() const {
  const int64_t passed_ms = std::clamp<int64_t>(base::milliseconds_between(second_.began, now), 0, 1000);
  return bytes_out() - second_.bytes + second_.bytes_before * static_cast<uint64_t>(1000 - passed_ms) / 1000;
}

Value ProcessInfo::ask(std::string_view name) {
  measure();
  floats = false;
  for (const InfoField& field : info_fields()) {
    if (field.name == name && field.ask) return field.ask(*this);
  }
  return {};
}

void ProcessInfo::write(std::string& out, const Options& options) {
  measure();
  floats = options.floats;
  size_t index = 0;
  bool first = true;
  if (options.style == Style::json) out += '[';
  for (const InfoField& field : info_fields()) {
    const size_t number = index++;
    const Value value = field.ask ? field.ask(*this) : Value{};
    if (!value) continue;
    // haproxy has two of its rates as gauges, unless with a fraction.
    Tags tags = field.tags;
    if (value.type == Value::Type::decimal && tags.nature == Nature::gauge) tags.nature = Nature::rate;
    switch (options.style) {
      case Style::plain:
        out += field.name;
        out += ": ";
        write_plain(out, value);
        break;
      case Style::typed:
        fmt::format_to(std::back_inserter(out), "{}.{}.1:", number, field.name);
        write_typed(out, tags, value);
        break;
      case Style::json:
        fmt::format_to(std::back_inserter(out), R"({}{{"field":{{"pos":{},"name":"{}"}},"processNum":1,)",
                       first ? "" : ",", number, field.name);
        write_json(out, tags, value);
        out += '}';
        break;
    }
    first = false;
    if (options.style == Style::json) continue;
    if (options.descriptions) fmt::format_to(std::back_inserter(out), ":\"{}\"", field.doc);
    out += '\n';
  }
  if (options.style == Style::json) out += ']';
}

}  // namespace ddbproxy::stats
