// Rows of the rules on connections, sessions and their data: tcp-request, tcp-response (manual 4.2).
#include <fmt/format.h>

#include "config/rule_words.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

constexpr auto planned = Support::planned;

constexpr Keyword<Proxy> connection_rows[] = {
    {.name = "accept", .syntax = "", .support = planned, .doc = "Let the connection proceed and stop rule evaluation."},
    {.name = "expect-netscaler-cip",
     .syntax = "",
     .support = planned,
     .doc = "Require the NetScaler header on matching connections."},
    {.name = "expect-proxy",
     .syntax = "",
     .support = planned,
     .doc = "Require the PROXY header on matching connections."},
    {.name = "reject", .syntax = "", .support = planned, .doc = "Close without an answer."},
    {.name = "sc-inc-gpc",
     .syntax = "",
     .support = planned,
     .doc = "Increment an indexed general counter of a tracked key."},
    {.name = "sc-inc-gpc0", .syntax = "", .support = planned, .doc = "Increment gpc0 of a tracked key."},
    {.name = "sc-inc-gpc1", .syntax = "", .support = planned, .doc = "Increment gpc1 of a tracked key."},
    {.name = "sc-set-gpt", .syntax = "", .support = planned, .doc = "Set an indexed tag of a tracked key."},
    {.name = "sc-set-gpt0", .syntax = "", .support = planned, .doc = "Set gpt0 of a tracked key."},
    {.name = "set-dst", .syntax = "", .support = planned, .doc = "Change the destination address."},
    {.name = "set-dst-port", .syntax = "", .support = planned, .doc = "Change the destination port."},
    {.name = "set-mark", .syntax = "", .support = planned, .doc = "Set the netfilter mark."},
    {.name = "set-src", .syntax = "", .support = planned, .doc = "Change the source address seen by later rules."},
    {.name = "set-src-port", .syntax = "", .support = planned, .doc = "Change the source port."},
    {.name = "set-tos", .syntax = "", .support = planned, .doc = "Set the IP TOS/DSCP field."},
    {.name = "set-var", .syntax = "", .support = planned, .doc = "Set a variable."},
    {.name = "set-var-fmt", .syntax = "", .support = planned, .doc = "Set a variable from a log-format string."},
    {.name = "silent-drop", .syntax = "", .support = planned, .doc = "Vanish without FIN/RST."},
    {.name = "track-sc0", .syntax = "", .support = planned, .doc = "Track a key in counter slot 0."},
    {.name = "track-sc1", .syntax = "", .support = planned, .doc = "Track a key in counter slot 1."},
    {.name = "track-sc2", .syntax = "", .support = planned, .doc = "Track a key in counter slot 2."},
    {.name = "unset-var", .syntax = "", .support = planned, .doc = "Remove a variable."},
};
static_assert(in_order(connection_rows));

constexpr Keyword<Proxy> content_rows[] = {
    {.name = "accept", .syntax = "", .support = planned, .doc = "Let the connection proceed and stop rule evaluation."},
    {.name = "capture", .syntax = "", .support = planned, .doc = "Save a sample into a capture slot."},
    {.name = "do-resolve",
     .syntax = "",
     .support = planned,
     .doc = "Resolve a name and keep the address in a variable."},
    {.name = "ot-group", .syntax = "", .support = planned, .doc = "Run an OpenTracing scope group."},
    {.name = "reject", .syntax = "", .support = planned, .doc = "Close without an answer."},
    {.name = "sc-inc-gpc",
     .syntax = "",
     .support = planned,
     .doc = "Increment an indexed general counter of a tracked key."},
    {.name = "sc-inc-gpc0", .syntax = "", .support = planned, .doc = "Increment gpc0 of a tracked key."},
    {.name = "sc-inc-gpc1", .syntax = "", .support = planned, .doc = "Increment gpc1 of a tracked key."},
    {.name = "sc-set-gpt", .syntax = "", .support = planned, .doc = "Set an indexed tag of a tracked key."},
    {.name = "sc-set-gpt0", .syntax = "", .support = planned, .doc = "Set gpt0 of a tracked key."},
    {.name = "send-spoe-group", .syntax = "", .support = planned, .doc = "Send a SPOE message group."},
    {.name = "set-dst", .syntax = "", .support = planned, .doc = "Change the destination address."},
    {.name = "set-dst-port", .syntax = "", .support = planned, .doc = "Change the destination port."},
    {.name = "set-log-level", .syntax = "", .support = planned, .doc = "Change the log level of this stream."},
    {.name = "set-mark", .syntax = "", .support = planned, .doc = "Set the netfilter mark."},
    {.name = "set-nice", .syntax = "", .support = planned, .doc = "Change scheduling priority."},
    {.name = "set-priority-class", .syntax = "", .support = planned, .doc = "Queue class."},
    {.name = "set-priority-offset", .syntax = "", .support = planned, .doc = "Queue time offset."},
    {.name = "set-src", .syntax = "", .support = planned, .doc = "Change the source address seen by later rules."},
    {.name = "set-src-port", .syntax = "", .support = planned, .doc = "Change the source port."},
    {.name = "set-tos", .syntax = "", .support = planned, .doc = "Set the IP TOS/DSCP field."},
    {.name = "set-var", .syntax = "", .support = planned, .doc = "Set a variable."},
    {.name = "set-var-fmt", .syntax = "", .support = planned, .doc = "Set a variable from a log-format string."},
    {.name = "silent-drop", .syntax = "", .support = planned, .doc = "Vanish without FIN/RST."},
    {.name = "switch-mode", .syntax = "", .support = planned, .doc = "Upgrade a TCP stream to HTTP."},
    {.name = "track-sc0", .syntax = "", .support = planned, .doc = "Track a key in counter slot 0."},
    {.name = "track-sc1", .syntax = "", .support = planned, .doc = "Track a key in counter slot 1."},
    {.name = "track-sc2", .syntax = "", .support = planned, .doc = "Track a key in counter slot 2."},
    {.name = "unset-var", .syntax = "", .support = planned, .doc = "Remove a variable."},
    {.name = "use-service", .syntax = "", .support = planned, .doc = "Hand the stream to an internal or Lua service."},
};
static_assert(in_order(content_rows));

constexpr Keyword<Proxy> session_rows[] = {
    {.name = "accept", .syntax = "", .support = planned, .doc = "Let the connection proceed and stop rule evaluation."},
    {.name = "reject", .syntax = "", .support = planned, .doc = "Close without an answer."},
    {.name = "sc-inc-gpc",
     .syntax = "",
     .support = planned,
     .doc = "Increment an indexed general counter of a tracked key."},
    {.name = "sc-inc-gpc0", .syntax = "", .support = planned, .doc = "Increment gpc0 of a tracked key."},
    {.name = "sc-inc-gpc1", .syntax = "", .support = planned, .doc = "Increment gpc1 of a tracked key."},
    {.name = "sc-set-gpt", .syntax = "", .support = planned, .doc = "Set an indexed tag of a tracked key."},
    {.name = "sc-set-gpt0", .syntax = "", .support = planned, .doc = "Set gpt0 of a tracked key."},
    {.name = "set-dst", .syntax = "", .support = planned, .doc = "Change the destination address."},
    {.name = "set-dst-port", .syntax = "", .support = planned, .doc = "Change the destination port."},
    {.name = "set-mark", .syntax = "", .support = planned, .doc = "Set the netfilter mark."},
    {.name = "set-src", .syntax = "", .support = planned, .doc = "Change the source address seen by later rules."},
    {.name = "set-src-port", .syntax = "", .support = planned, .doc = "Change the source port."},
    {.name = "set-tos", .syntax = "", .support = planned, .doc = "Set the IP TOS/DSCP field."},
    {.name = "set-var", .syntax = "", .support = planned, .doc = "Set a variable."},
    {.name = "set-var-fmt", .syntax = "", .support = planned, .doc = "Set a variable from a log-format string."},
    {.name = "silent-drop", .syntax = "", .support = planned, .doc = "Vanish without FIN/RST."},
    {.name = "track-sc0", .syntax = "", .support = planned, .doc = "Track a key in counter slot 0."},
    {.name = "track-sc1", .syntax = "", .support = planned, .doc = "Track a key in counter slot 1."},
    {.name = "track-sc2", .syntax = "", .support = planned, .doc = "Track a key in counter slot 2."},
    {.name = "unset-var", .syntax = "", .support = planned, .doc = "Remove a variable."},
};
static_assert(in_order(session_rows));

constexpr Keyword<Proxy> response_rows[] = {
    {.name = "accept", .syntax = "", .support = planned, .doc = "Let the connection proceed and stop rule evaluation."},
    {.name = "close", .syntax = "", .support = planned, .doc = "Close the server connection after the response."},
    {.name = "ot-group", .syntax = "", .support = planned, .doc = "Run an OpenTracing scope group."},
    {.name = "reject", .syntax = "", .support = planned, .doc = "Close without an answer."},
    {.name = "sc-inc-gpc",
     .syntax = "",
     .support = planned,
     .doc = "Increment an indexed general counter of a tracked key."},
    {.name = "sc-inc-gpc0", .syntax = "", .support = planned, .doc = "Increment gpc0 of a tracked key."},
    {.name = "sc-inc-gpc1", .syntax = "", .support = planned, .doc = "Increment gpc1 of a tracked key."},
    {.name = "sc-set-gpt", .syntax = "", .support = planned, .doc = "Set an indexed tag of a tracked key."},
    {.name = "sc-set-gpt0", .syntax = "", .support = planned, .doc = "Set gpt0 of a tracked key."},
    {.name = "send-spoe-group", .syntax = "", .support = planned, .doc = "Send a SPOE message group."},
    {.name = "set-log-level", .syntax = "", .support = planned, .doc = "Change the log level of this stream."},
    {.name = "set-mark", .syntax = "", .support = planned, .doc = "Set the netfilter mark."},
    {.name = "set-nice", .syntax = "", .support = planned, .doc = "Change scheduling priority."},
    {.name = "set-tos", .syntax = "", .support = planned, .doc = "Set the IP TOS/DSCP field."},
    {.name = "set-var", .syntax = "", .support = planned, .doc = "Set a variable."},
    {.name = "set-var-fmt", .syntax = "", .support = planned, .doc = "Set a variable from a log-format string."},
    {.name = "silent-drop", .syntax = "", .support = planned, .doc = "Vanish without FIN/RST."},
    {.name = "unset-var", .syntax = "", .support = planned, .doc = "Remove a variable."},
};
static_assert(in_order(response_rows));

extern const Table<Proxy> connection_table, content_table, session_table, response_table;
constinit const Table<Proxy> connection_table{"tcp-request connection action", connection_rows,
                                              unknown_action<&connection_table>};
constinit const Table<Proxy> content_table{"tcp-request content action", content_rows, unknown_action<&content_table>};
constinit const Table<Proxy> session_table{"tcp-request session action", session_rows, unknown_action<&session_table>};
constinit const Table<Proxy> response_table{"tcp-response content action", response_rows,
                                            unknown_action<&response_table>};

constexpr Keyword<Proxy> request_rulesets[] = {
    {.name = "connection",
     .syntax = "<action> [{if|unless} <condition>]",
     .sections = in_frontend | in_listen,
     .doc = "Rules on a connection as soon as it is accepted.",
     .words = &connection_table},
    {.name = "content",
     .syntax = "<action> [{if|unless} <condition>]",
     .doc = "Rules on the data that a client has sent.",
     .words = &content_table},
    {.name = "inspect-delay",
     .syntax = "<time>",
     .support = planned,
     .doc = "Longest wait for data that content rules need."},
    {.name = "session",
     .syntax = "<action> [{if|unless} <condition>]",
     .sections = in_frontend | in_listen,
     .doc = "Rules on a session once headers of PROXY and TLS are through.",
     .words = &session_table},
};
static_assert(in_order(request_rulesets));

constexpr Keyword<Proxy> response_rulesets[] = {
    {.name = "content",
     .syntax = "<action> [{if|unless} <condition>]",
     .sections = in_listen | in_backend,
     .doc = "Rules on the data that a server has sent.",
     .words = &response_table},
    {.name = "inspect-delay",
     .syntax = "<time>",
     .sections = in_listen | in_backend,
     .support = planned,
     .doc = "Longest wait for data that content rules need."},
};
static_assert(in_order(response_rulesets));

void unknown_ruleset(Line& line, Proxy& proxy) {
  if (line.peek().empty())
    line.alert(fmt::format("missing argument for '{}' in {} '{}'", line.keyword(), proxy.kind(), proxy.name),
               line.position());
  else
    line.alert(fmt::format("'{}' expects 'inspect-delay', 'connection', or 'content' in {} '{}' (got '{}')",
                           line.keyword(), proxy.kind(), proxy.name, line.peek()),
               line.position());
}
constexpr Table<Proxy> request_ruleset_table{"tcp ruleset", request_rulesets, unknown_ruleset};
constexpr Table<Proxy> response_ruleset_table{"tcp ruleset", response_rulesets, unknown_ruleset};

constexpr Keyword<Proxy> rows[] = {
    {.name = "tcp-request",
     .syntax = "<ruleset> ...",
     .doc = "Rules on what clients send.",
     .words = &request_ruleset_table},
    {.name = "tcp-response",
     .syntax = "<ruleset> ...",
     .doc = "Rules on what servers send.",
     .words = &response_ruleset_table},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> tcp_rules_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
