// Rows "tune.*" and limits of HTTP, compression and TLS in the section "global" (manual 3.2).
#include <climits>
#include <cstdlib>
#include <fmt/format.h>

#include "config/context.h"
#include "config/dispatch.h"
#include "config/idle_number.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;

constexpr auto planned = Support::planned;
constexpr uint8_t global = in_global;

constexpr char ratio_text[] = "an integer argument between 0 and 100.",
               header_table_text[] = "a numeric value between 4096 and 65536.",
               frame_text[] = "a numeric value between 16384 and 16777215.",
               updates_text[] = "an integer argument greater than 0.", cache_text[] = "a positive numeric value",
               failures_text[] = "a numeric value between 0 and 100.";
constexpr IdleLimits ratio{0, 100, ratio_text, ratio_text}, rate{.missing = "an integer argument in kb/s."},
    header_table{4096, 65536, header_table_text, header_table_text}, frame{16384, 16777215, frame_text, frame_text},
    updates{1, INT_MAX, updates_text, updates_text}, cache{0, INT_MAX, cache_text, cache_text},
    streams{0, INT_MAX, "a positive numeric value.", {}}, failures{0, 100, failures_text, {}},
    headers{1, 32767, "a numeric value between 1 and 32767"};

/// The whole word is a number, or there is none.
template <uint64_t model::VariableLimits::*member>
void variable_limit(Line& line, Global& g) {
  const std::string_view word = line.take();
  const auto size = whole_number(word);
  if (!word.empty() && !size) line.alert(fmt::format("{}: '{}' is an invalid size", line.keyword(), word));
  g.variable_limits.*member = size ? static_cast<uint64_t>(*size) : 0;
}

void idle_switch(Line& line, Global&) {
  const std::string_view word = line.take();
  if (word != "on" && word != "off")
    line.alert(fmt::format("'{}' expects either 'on' or 'off' but got '{}'.", line.keyword(), word));
}

/// Of haproxy's buffers, scheduler and polling.
template <void (*read)(Line&, Global&)>
void of_haproxy(Line& line, Global& g) {
  read(line, g);
  say_no_effect(line);
}

void edge_triggered(Line& line, Global& g) {
  if (g.expose_experimental) {
    if (check_count(line, 0, 1)) idle_switch(line, g);
    return;
  }
  line.alert(
      fmt::format("'{}' directive is experimental, must be allowed via a global 'expose-experimental-directives'",
                  line.keyword()),
      0);
}

void lua_yield(Line& line, Global&) {
  const std::string_view word = line.take();
  if (!word.empty() && !whole_number(word)) line.alert(fmt::format("{}: invalid number", line.keyword()));
}

void lua_memory(Line& line, Global&) {
  if (line.peek().empty())
    return void(line.alert("'tune.lua.maxmem' expects an integer argument (Lua memory size in MB)."));
  const std::string word(line.take());
  char* end = nullptr;
  std::strtoll(word.c_str(), &end, 10);
  if (*end) line.alert(fmt::format("tune.lua.maxmem: invalid number {} (error at '{}')", word, *end));
}

void lua_time(Line& line, Global&) {
  static constexpr TimeWording wording{
      "{k}: invalid timeout", "{k}: invalid timeout",
      "timer overflow in argument <{w}> to <{k}> (maximum value is 2147483647 ms or ~24.8 days)"};
  read_time(line, std::chrono::milliseconds(1), wording);
}

void bufsize(Line& line, Global& g) {
  if (line.peek().empty()) return void(line.alert("'tune.bufsize' expects an integer argument.", line.position()));
  const std::string word(line.take());
  const auto value = wrapped_number(word);
  if (value <= 0)
    line.alert("'tune.bufsize' expects a positive integer argument.");
  else if (value < 1024)
    line.alert("'tune.bufsize' must be at least 1024: headers and pages would not fit.");
  else if (value > 256 * 1024 * 1024)
    line.report(
        Severity::alert,
        fmt::format("global.tune.bufsize must be below 256 MB when HTTP is in use (current value = {}).", value));
  else
    g.bufsize = static_cast<uint32_t>(loose_number(line, word));
}

void maxaccept(Line& line, Global& g) {
  if (g.maxaccept) return say_already_specified(line);
  if (line.peek().empty()) return void(line.alert("'tune.maxaccept' expects an integer argument.", line.position()));
  const long long value = loose_number(line, line.take());
  if (value > INT_MAX)
    line.alert("'tune.maxaccept' expects -1 or an integer from 0 to INT_MAX.");
  else
    g.maxaccept = static_cast<uint32_t>(value);
}

void maxrewrite(Line& line, Global& g) {
  if (line.peek().empty()) return void(line.alert("'tune.maxrewrite' expects an integer argument.", line.position()));
  const auto value = static_cast<int>(loose_number(line, line.take()));
  if (value < 0)
    line.alert("'tune.maxrewrite' expects a positive integer argument.");
  else
    g.maxrewrite = static_cast<uint32_t>(value);
}

void idletimer(Line& line, Global&) {
  static constexpr TimeWording wording{"'tune.idletimer' expects a timer value between 0 and 65535 ms.",
                                       "unexpected character '{c}' in argument to <{k}>.",
                                       "timer overflow in argument <{w}> to <{k}>, maximum value is 65535 ms."};
  if (!line.peek().empty()) line.introduce(fmt::format("parsing [{}]: ", line.place()));
  const auto value = read_time(line, std::chrono::milliseconds(1), wording);
  line.introduce({});
  if (value && *value > std::chrono::milliseconds(65535))
    line.alert("'tune.idletimer' expects a timer value between 0 and 65535 ms.");
}

void comp_maxlevel(Line& line, Global&) {
  const int value = line.peek().empty() ? 0 : static_cast<int>(loose_number(line, line.take()));
  if (value < 1 || value > 9) line.alert("'tune.comp.maxlevel' expects a numeric value between 1 and 9");
}

void updates_at_once(Line& line, Global& g) {
  const std::string word(line.peek());
  const size_t before = line.context().diagnostics.all().size();
  idle_number<updates>(line, g);
  if (!has_error_since(line.context().diagnostics, before))
    g.peer_updates_at_once = static_cast<uint32_t>(wrapped_number(word));
}

/// As in haproxy, what is no number is 0, and then nothing of a request is logged.
void log_uri_length(Line& line, Global& global) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'tune.http.logurilen' expects an integer argument.", line.position()));
  const int length = std::atoi(std::string(word).c_str());
  if (length >= 0) global.log_uri_length = static_cast<uint32_t>(length) + 1;
}

constexpr Keyword<Global> rows[] = {
    {.name = "maxcompcpuusage",
     .syntax = "<percent>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<ratio>,
     .doc = "Use of the CPU above which compression, not supported yet, stops."},
    {.name = "maxcomprate",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<rate>,
     .doc = "Rate of data above which compression, not supported yet, slows down."},
    {.name = "maxsslconn",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<positive_idle_number>,
     .doc = "Most connections of TLS, which is not supported yet."},
    {.name = "maxsslrate",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<single_idle_number>,
     .doc = "Most handshakes of TLS, which is not supported yet, in a second."},
    {.name = "maxzlibmem",
     .syntax = "<megabytes>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<>,
     .doc = "Most memory of zlib; compression is not supported yet."},
    {.name = "tune.buffers.limit",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .support = Support::ignored,
     .parse = of_haproxy<idle_number<>>,
     .doc = "Most of haproxy's buffers at a time; here only what is blocked has one."},
    {.name = "tune.buffers.reserve",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .support = Support::ignored,
     .parse = of_haproxy<idle_number<>>,
     .doc = "Buffers that haproxy keeps for when memory is short."},
    {.name = "tune.bufsize",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = bufsize,
     .doc = "Size of the buffers that data passes through."},
    {.name = "tune.comp.maxlevel",
     .syntax = "<level>",
     .sections = global,
     .max_args = 1,
     .parse = comp_maxlevel,
     .doc = "Most effort of compression, which is not supported yet."},
    {.name = "tune.fail-alloc",
     .syntax = "<percent>",
     .sections = global,
     .max_args = 1,
     .support = planned,
     .parse = idle_number<failures>,
     .doc = "Makes allocations fail, for tests."},
    {.name = "tune.fd.edge-triggered",
     .syntax = "{on|off}",
     .sections = global,
     .parse = edge_triggered,
     .doc = "Edge-triggered polling, which is always used here."},
    {.name = "tune.h2.header-table-size",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<header_table>,
     .doc = "Size of tables of HTTP/2, which is not supported yet."},
    {.name = "tune.h2.initial-window-size",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<streams>,
     .doc = "Window of streams of HTTP/2, which is not supported yet."},
    {.name = "tune.h2.max-concurrent-streams",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<streams>,
     .doc = "Most streams on a connection of HTTP/2, which is not supported yet."},
    {.name = "tune.h2.max-frame-size",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<frame>,
     .doc = "Largest frame of HTTP/2, which is not supported yet."},
    {.name = "tune.http.cookielen",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<>,
     .doc = "Longest captured cookie; captures are not supported yet."},
    {.name = "tune.http.logurilen",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = log_uri_length,
     .doc = "Longest request line in a log line (default 1023)."},
    {.name = "tune.http.maxhdr",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .support = planned,
     .parse = idle_number<headers>,
     .doc = "Most headers in a message."},
    {.name = "tune.idle-pool.shared",
     .syntax = "{on|off}",
     .sections = global,
     .max_args = 1,
     .parse = idle_switch,
     .doc = "Whether threads share idle connections to HTTP servers, which none has yet."},
    {.name = "tune.idletimer",
     .syntax = "<time>",
     .sections = global,
     .max_args = 1,
     .parse = idletimer,
     .doc = "Pause after which haproxy sends larger TLS records."},
    {.name = "tune.listener.multi-queue",
     .syntax = "{on|off}",
     .sections = global,
     .max_args = 1,
     .support = Support::ignored,
     .parse = of_haproxy<idle_switch>,
     .doc = "How haproxy spreads new connections over threads; here each goes to the thread with the fewest."},
    {.name = "tune.lua.forced-yield",
     .syntax = "<number>",
     .sections = global,
     .parse = lua_yield,
     .doc = "Instructions after which Lua pauses, which is not supported yet."},
    {.name = "tune.lua.maxmem",
     .syntax = "<megabytes>",
     .sections = global,
     .parse = lua_memory,
     .doc = "Most memory of Lua, which is not supported yet."},
    {.name = "tune.lua.service-timeout",
     .syntax = "<time>",
     .sections = global,
     .parse = lua_time,
     .doc = "Longest run of a service in Lua, which is not supported yet."},
    {.name = "tune.lua.session-timeout",
     .syntax = "<time>",
     .sections = global,
     .parse = lua_time,
     .doc = "Longest run of Lua in a session, which is not supported yet."},
    {.name = "tune.lua.task-timeout",
     .syntax = "<time>",
     .sections = global,
     .parse = lua_time,
     .doc = "Longest run of a task in Lua, which is not supported yet."},
    {.name = "tune.maxaccept",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = maxaccept,
     .doc = "Most connections that are accepted at once."},
    {.name = "tune.maxpollevents",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .support = Support::ignored,
     .parse = of_haproxy<idle_number<single_idle_number>>,
     .doc = "Most events that haproxy fetches at once; libevent sees to that here."},
    {.name = "tune.maxrewrite",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = maxrewrite,
     .doc = "Room that is kept in a buffer for headers that are added."},
    {.name = "tune.pattern.cache-size",
     .syntax = "<number>",
     .sections = global,
     .parse = idle_number<cache>,
     .doc = "Entries of a cache of patterns; ACLs are not supported yet."},
    {.name = "tune.peers.max-updates-at-once",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = updates_at_once,
     .doc = "Updates that are sent to a peer before others have their turn."},
    {.name = "tune.pipesize",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = integer<&Global::pipesize>,
     .doc = "Size of the pipes that move data through the kernel."},
    {.name = "tune.pool-high-fd-ratio",
     .syntax = "<percent>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<ratio>,
     .doc = "When idle connections to HTTP servers, which none has yet, are closed."},
    {.name = "tune.pool-low-fd-ratio",
     .syntax = "<percent>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<ratio>,
     .doc = "When idle connections to HTTP servers, which none has yet, are no more kept."},
    {.name = "tune.rcvbuf.client",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::rcvbuf_client>,
     .doc = "Kernel's receive buffer of connections from clients."},
    {.name = "tune.rcvbuf.server",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::rcvbuf_server>,
     .doc = "Kernel's receive buffer of connections to servers."},
    {.name = "tune.recv_enough",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .support = Support::ignored,
     .parse = of_haproxy<idle_number<>>,
     .doc = "Bytes after which a read is not tried again."},
    {.name = "tune.runqueue-depth",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .support = Support::ignored,
     .parse = of_haproxy<idle_number<single_idle_number>>,
     .doc = "Most tasks that run between two polls."},
    {.name = "tune.sched.low-latency",
     .syntax = "{on|off}",
     .sections = global,
     .max_args = 1,
     .support = Support::ignored,
     .parse = of_haproxy<idle_switch>,
     .doc = "Favours short tasks."},
    {.name = "tune.sndbuf.client",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::sndbuf_client>,
     .doc = "Kernel's send buffer of connections from clients."},
    {.name = "tune.sndbuf.server",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::sndbuf_server>,
     .doc = "Kernel's send buffer of connections to servers."},
    {.name = "tune.vars.check-max-size",
     .syntax = "<bytes>",
     .sections = global,
     .parse = variable_limit<&model::VariableLimits::check>,
     .doc = "Most memory of the variables of a check."},
    {.name = "tune.vars.global-max-size",
     .syntax = "<bytes>",
     .sections = global,
     .parse = variable_limit<&model::VariableLimits::global>,
     .doc = "Most memory of all variables."},
    {.name = "tune.vars.proc-max-size",
     .syntax = "<bytes>",
     .sections = global,
     .parse = variable_limit<&model::VariableLimits::process>,
     .doc = "Most memory of the variables of the process."},
    {.name = "tune.vars.reqres-max-size",
     .syntax = "<bytes>",
     .sections = global,
     .parse = variable_limit<&model::VariableLimits::message>,
     .doc = "Most memory of the variables of a request and its response."},
    {.name = "tune.vars.sess-max-size",
     .syntax = "<bytes>",
     .sections = global,
     .parse = variable_limit<&model::VariableLimits::session>,
     .doc = "Most memory of the variables of a session and what is in it."},
    {.name = "tune.vars.txn-max-size",
     .syntax = "<bytes>",
     .sections = global,
     .parse = variable_limit<&model::VariableLimits::transaction>,
     .doc = "Most memory of the variables of a transaction and its messages."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Global> tune_table{"global", rows};

}  // namespace ddbproxy::config
