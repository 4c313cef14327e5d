// Rows of "option <name>" for both modes (manual 4.2).
#include <fmt/format.h>

#include "config/context.h"
#include "config/dispatch.h"
#include "config/log_reader.h"
#include "config/readers.h"
#include "config/suggest.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Backend;
using model::Frontend;
using model::LogSettings;
using model::LogStyle;
using model::Proxy;

constexpr auto both = Prefixes::no_and_default;
constexpr auto side = Misplaced::option_ignored;

/// Sets the same flag of both sides that the proxy has.
template <auto of_frontend, auto of_backend>
void both_sides(Line& line, Proxy& proxy) {
  const bool on = line.prefix() == Prefix::none;
  if (proxy.frontend) (*proxy.frontend).*of_frontend = on;
  if (proxy.backend) (*proxy.backend).*of_backend = on;
}

/// Set, set to no, or left to its default.
template <model::Toggle Proxy::*member>
void toggle(Line& line, Proxy& proxy) {
  using model::Toggle;
  proxy.*member = line.prefix() == Prefix::none ? Toggle::on : line.negated() ? Toggle::off : Toggle::unset;
}

void tcpka(Line&, Proxy& proxy) {
  if (proxy.frontend) proxy.frontend->keep_alive.on = true;
  if (proxy.backend) proxy.backend->keep_alive.on = true;
}

void log_style(Line& line, Proxy& proxy, LogStyle style) {
  // 2.6 calls httpslog by its elder's name here.
  warn_of_override(line, proxy.log,
                   style == LogStyle::tcp        ? "option tcplog"
                   : style == LogStyle::http_clf ? "option httplog clf"
                                                 : "option httplog");
  if (!proxy.frontend)
    line.warning(fmt::format("backend '{}' : '{}' directive is ignored in backends.", proxy.name, line.keyword()));
  proxy.log.style = style;
  proxy.log.format_where = line.where(0);
  proxy.log.format.clear();
}

void tcplog(Line& line, Proxy& proxy) { log_style(line, proxy, LogStyle::tcp); }

void httplog(Line& line, Proxy& proxy) {
  LogStyle style = LogStyle::http;
  if (!line.peek().empty()) {
    if (line.take() != "clf") {
      line.alert("keyword 'httplog' only supports option 'clf'.");
      return;
    }
    if (!check_count(line, 1, 1)) return;
    style = LogStyle::http_clf;
  }
  log_style(line, proxy, style);
}

// Words behind it are no error in haproxy.
void httpslog(Line& line, Proxy& proxy) { log_style(line, proxy, LogStyle::https); }

void redispatch(Line& line, Proxy& proxy) {
  Backend& backend = *proxy.backend;
  backend.redispatch = line.prefix() == Prefix::none;
  backend.redispatch_interval = 0;
  if (!backend.redispatch) return;
  backend.redispatch_interval = line.peek().empty() ? -1 : static_cast<int>(loose_number(line, line.take()));
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "abortonclose",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::backend, &Backend::abortonclose>,
     .doc = "Drops a session that waits for a server when its client has gone.",
     .prefixes = both,
     .misplaced = side},
    {.name = "allbackups",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::backend, &Backend::allbackups>,
     .doc = "Uses all backup servers at once, not only the first.",
     .prefixes = both,
     .misplaced = side},
    {.name = "clitcpka",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::frontend, &Frontend::keep_alive, &model::KeepAlive::on>,
     .doc = "Sends TCP keep-alive probes to clients.",
     .prefixes = both,
     .misplaced = side},
    {.name = "contstats",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::frontend, &Frontend::contstats>,
     .doc = "Counts bytes while a session lasts, not only at its end.",
     .prefixes = both,
     .misplaced = side},
    {.name = "dontlog-normal",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::log, &LogSettings::dontlog_normal>,
     .doc = "Logs only sessions that met an error, a timeout or a retry.",
     .prefixes = both,
     .misplaced = side},
    {.name = "dontlognull",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::log, &LogSettings::dontlognull>,
     .doc = "Leaves sessions that carried no data out of the log.",
     .prefixes = both,
     .misplaced = side},
    {.name = "httplog",
     .syntax = "[clf]",
     .parse = httplog,
     .doc = "Logs each request in the HTTP format.",
     .misplaced = Misplaced::read},
    {.name = "httpslog",
     .syntax = "",
     .parse = httpslog,
     .doc = "Logs each request in the HTTPS format.",
     .misplaced = Misplaced::read},
    {.name = "independent-streams",
     .syntax = "",
     .max_args = 0,
     .parse = flag<&Proxy::independent_streams>,
     .doc = "Keeps data sent one way from refreshing the timeout of the other.",
     .prefixes = both},
    {.name = "log-health-checks",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::log, &LogSettings::health_checks>,
     .doc = "Logs each change of a check's result.",
     .prefixes = both,
     .misplaced = side},
    {.name = "log-separate-errors",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::log, &LogSettings::separate_errors>,
     .doc = "Logs failed sessions at level err.",
     .prefixes = both,
     .misplaced = side},
    {.name = "logasap",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::log, &LogSettings::logasap>,
     .doc = "Logs a session once it is connected, not at its end.",
     .prefixes = both,
     .misplaced = side},
    {.name = "nolinger",
     .syntax = "",
     .max_args = 0,
     .parse = both_sides<&Frontend::nolinger, &Backend::nolinger>,
     .doc = "Resets connections instead of letting them linger.",
     .prefixes = both},
    {.name = "persist",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::backend, &Backend::persist>,
     .doc = "Keeps to the server that persistence leads to even when it is down.",
     .prefixes = both,
     .misplaced = side},
    {.name = "redispatch",
     .syntax = "[<interval>]",
     .sections = server_side,
     .parse = redispatch,
     .doc = "Lets a retry go to another server.",
     .prefixes = both,
     .misplaced = side},
    {.name = "socket-stats",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::frontend, &Frontend::socket_stats>,
     .doc = "Counts each listening socket for itself.",
     .prefixes = both,
     .misplaced = side},
    {.name = "splice-auto",
     .syntax = "",
     .max_args = 0,
     .parse = toggle<&Proxy::splice_auto>,
     .doc = "Moves data through the kernel both ways where that pays; so it is without the option, too, unless it is "
            "set to no.",
     .prefixes = both},
    {.name = "splice-request",
     .syntax = "",
     .max_args = 0,
     .parse = toggle<&Proxy::splice_request>,
     .doc = "Always moves data from clients to servers through the kernel; with no, never.",
     .prefixes = both},
    {.name = "splice-response",
     .syntax = "",
     .max_args = 0,
     .parse = toggle<&Proxy::splice_response>,
     .doc = "Always moves data from servers to clients through the kernel; with no, never.",
     .prefixes = both},
    {.name = "srvtcpka",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::backend, &Backend::keep_alive, &model::KeepAlive::on>,
     .doc = "Sends TCP keep-alive probes to servers.",
     .prefixes = both,
     .misplaced = side},
    {.name = "tcp-smart-accept",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::frontend, &Frontend::tcp_smart_accept>,
     .doc = "Delays the acknowledgement of a new client's first data.",
     .prefixes = both,
     .misplaced = side},
    {.name = "tcp-smart-connect",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::backend, &Backend::tcp_smart_connect>,
     .doc = "Sends the first data to a server with the end of the handshake.",
     .prefixes = both,
     .misplaced = side},
    {.name = "tcpka",
     .syntax = "",
     .max_args = 0,
     .parse = tcpka,
     .doc = "Sends TCP keep-alive probes to clients and servers."},
    {.name = "tcplog",
     .syntax = "",
     .max_args = 0,
     .parse = tcplog,
     .doc = "Logs each session in the TCP format.",
     .misplaced = Misplaced::read},
    {.name = "transparent",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::backend, &Backend::transparent>,
     .doc = "Connects to the address that the client asked for; not beside `balance`.",
     .prefixes = both,
     .misplaced = side},
};
static_assert(in_order(rows));

}  // namespace

void unknown_option(Line& line, Proxy&) {
  const std::string_view word = line.peek();
  if (word.empty())
    line.report(Severity::alert, fmt::format("parsing [{}]: 'option' expects an option name.", line.place()));
  else if (line.prefix() != Prefix::none)
    line.report(Severity::alert,
                fmt::format("parsing [{}]: negation/default is not supported for option '{}'.", line.place(), word),
                line.position());
  else {
    const Table<Proxy>* const tables[] = {&option_table};
    const std::string_view suggestion = suggest<Proxy>(word, tables);
    const std::string end = suggestion.empty() ? "." : did_you_mean(suggestion);
    line.alert(fmt::format("unknown option '{}'{}", word, end), line.position()).suggestion = suggestion;
  }
}

constinit const Table<Proxy> option_table{"option", rows, unknown_option, &check_option_table};

}  // namespace ddbproxy::config
