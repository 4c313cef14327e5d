// Rows of scripted health checks: tcp-check, http-check, external-check (manual 4.2). A script has no effect unless its
// option is set.
#include <fmt/format.h>

#include "config/rule_words.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

constexpr auto planned = Support::planned;

constexpr Keyword<Proxy> tcp_rows[] = {
    {.name = "comment",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Text reported when the next check step fails.",
     .later = true},
    {.name = "connect",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Open a connection inside a TCP check script.",
     .later = true},
    {.name = "expect",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Wait for a string/binary/regex in a TCP check.",
     .later = true},
    {.name = "send",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Send a string in a TCP check.",
     .later = true},
    {.name = "send-binary",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Send hex bytes in a TCP check.",
     .later = true},
    {.name = "send-binary-lf",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Send hex bytes built by log-format in a TCP check.",
     .later = true},
    {.name = "send-lf",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Send a log-format string in a TCP check.",
     .later = true},
    {.name = "set-var",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Set a variable during a TCP check.",
     .later = true},
    {.name = "set-var-fmt",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Set a variable from a log-format string during a TCP check.",
     .later = true},
    {.name = "unset-var",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Drop a variable during a TCP check.",
     .later = true},
};
static_assert(in_order(tcp_rows));

constexpr Keyword<Proxy> http_rows[] = {
    {.name = "comment",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Text reported when the next check step fails.",
     .later = true},
    {.name = "connect",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Open a connection inside an HTTP check sequence.",
     .later = true},
    {.name = "disable-on-404",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Treat a 404 on a check as graceful stop (drain).",
     .later = true},
    {.name = "expect",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Match a status/body/header in the check's response.",
     .later = true},
    {.name = "send",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Compose the health-check request.",
     .later = true},
    {.name = "send-state",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Add X-Haproxy-Server-State header to checks.",
     .later = true},
    {.name = "set-var",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Set a variable during a check.",
     .later = true},
    {.name = "set-var-fmt",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Set a variable from a log-format string during a check.",
     .later = true},
    {.name = "unset-var",
     .syntax = "",
     .sections = server_side,
     .support = planned,
     .doc = "Drop a variable during a check.",
     .later = true},
};
static_assert(in_order(http_rows));

constexpr Keyword<Proxy> external_rows[] = {
    {.name = "command",
     .syntax = "<file>",
     .support = planned,
     .doc = "The program that checks servers.",
     .later = true},
    {.name = "path",
     .syntax = "<path>",
     .support = planned,
     .doc = "The PATH of the program that checks servers.",
     .later = true},
};
static_assert(in_order(external_rows));

template <const Table<Proxy>* table, const auto& supported>
void unknown(Line& line, Proxy& proxy) {
  if (read_bracketed(line, *table, proxy)) return;
  line.alert(fmt::format("'{}' only supports {} but got '{}'", line.keyword(), supported, line.peek()),
             line.position());
}

constexpr char tcp_words[] =
    "'comment', 'connect', 'send', 'send-binary', 'expect', 'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'.";
constexpr char http_words[] =
    "'disable-on-404', 'send-state', 'comment', 'connect', 'send', 'expect', 'set-var-fmt(*)', 'set-var(*)', "
    "'unset-var(*)'.";
void unknown_external(Line& line, Proxy&) {
  if (line.peek().empty())
    line.alert("missing argument after 'external-check'.", line.position());
  else
    line.alert(fmt::format("external-check: unknown argument '{}'.", line.peek()), line.position());
}

extern const Table<Proxy> tcp_table, http_table;
constinit const Table<Proxy> tcp_table{"tcp-check", tcp_rows, unknown<&tcp_table, tcp_words>};
constinit const Table<Proxy> http_table{"http-check", http_rows, unknown<&http_table, http_words>};
constexpr Table<Proxy> external_table{"proxy keyword", external_rows, unknown_external};

constexpr Keyword<Proxy> rows[] = {
    {.name = "external-check",
     .syntax = "{command|path} <text>",
     .doc = "The program of `option external-check`.",
     .words = &external_table},
    {.name = "http-check", .syntax = "<rule> ...", .doc = "A step of `option httpchk`.", .words = &http_table},
    {.name = "tcp-check", .syntax = "<rule> ...", .doc = "A step of `option tcp-check`.", .words = &tcp_table},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> check_script_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
