// Rows of scripted health checks: tcp-check, http-check, external-check (manual 4.2). A script has no effect unless its
// option is set.
#include <fmt/format.h>

#include "config/check_rules.h"
#include "config/dispatch.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

using model::CheckSettings;
using model::CheckStep;

/// Notes a rule for a script that is not asked for when the rule is read.
void note_idle(Line& line, CheckSettings& checks, ScriptKind kind) {
  const bool http = kind == ScriptKind::http;
  Location& idle = http ? checks.idle_http_rule : checks.idle_tcp_rule;
  if (checks.rules_of != (http ? model::CheckMethod::http : model::CheckMethod::tcp) && !idle.file)
    idle = line.where(0);
}

void add_rule(Line& line, Proxy& proxy, ScriptKind kind, std::optional<CheckStep> step) {
  if (!step) return;
  note_idle(line, proxy.backend->checks, kind);
  add_check_rule(line, proxy, kind, std::move(*step));
}

template <ScriptKind kind, std::optional<CheckStep> (*read)(Line&, ScriptKind)>
void add(Line& line, Proxy& proxy) {
  add_rule(line, proxy, kind, read(line, kind));
}

template <bool binary, bool format>
void send(Line& line, Proxy& proxy) {
  add_rule(line, proxy, ScriptKind::tcp, read_check_send(line, binary, format));
}

void http_send(Line& line, Proxy& proxy) { add_rule(line, proxy, ScriptKind::http, read_http_check_send(line)); }

template <bool CheckSettings::*member>
void http_flag(Line& line, Proxy& proxy) {
  if (line.peek().empty())
    proxy.backend->checks.*member = true;
  else
    line.alert(fmt::format("'http-check' cannot handle unexpected argument '{}'.", line.peek()), line.position());
}

template <std::string CheckSettings::*member, Location CheckSettings::*where>
void external(Line& line, Proxy& proxy) {
  if (line.peek().empty()) {
    line.alert(fmt::format("missing argument after '{}'.", line.word(line.position() - 1)), line.position());
    return;
  }
  const std::string text(line.take());
  if (!line.peek().empty()) {
    line.alert(fmt::format("'external-check' cannot handle unexpected argument '{}'.", line.peek()), line.position());
    return;
  }
  if (!proxy.backend) return;
  proxy.backend->checks.*member = text;
  proxy.backend->checks.*where = line.where(0);
}

constexpr Keyword<Proxy> tcp_rows[] = {
    {.name = "comment",
     .syntax = "<text>",
     .sections = server_side,
     .parse = add<ScriptKind::tcp, read_check_comment>,
     .doc = "Text reported when the next check step fails."},
    {.name = "connect",
     .syntax = "[default] [port <port>] [addr <address>] [send-proxy] [via-socks4] [linger] [comment <text>]",
     .sections = server_side,
     .parse = add<ScriptKind::tcp, read_check_connect>,
     .doc = "Opens a connection inside a TCP check."},
    {.name = "expect",
     .syntax = "[min-recv <n>] [comment <text>] [ok-status|error-status|tout-status <status>] [on-success|on-error "
               "<text>] [!] <match> <pattern>",
     .sections = server_side,
     .parse = add<ScriptKind::tcp, read_check_expect>,
     .doc = "Waits for a string, bytes or a regex in a TCP check."},
    {.name = "send",
     .syntax = "<text> [comment <text>]",
     .sections = server_side,
     .parse = send<false, false>,
     .doc = "Sends a string in a TCP check."},
    {.name = "send-binary",
     .syntax = "<hex> [comment <text>]",
     .sections = server_side,
     .parse = send<true, false>,
     .doc = "Sends hex bytes in a TCP check."},
    {.name = "send-binary-lf",
     .syntax = "<hex> [comment <text>]",
     .sections = server_side,
     .parse = send<true, true>,
     .doc = "Sends hex bytes built by a log format in a TCP check."},
    {.name = "send-lf",
     .syntax = "<text> [comment <text>]",
     .sections = server_side,
     .parse = send<false, true>,
     .doc = "Sends a log-format string in a TCP check."},
    {.name = "set-var",
     .syntax = "(<variable>[,<condition>...]) <sample>",
     .sections = server_side,
     .parse = add<ScriptKind::tcp, read_check_variable>,
     .doc = "Sets a variable during a check."},
    {.name = "set-var-fmt",
     .syntax = "(<variable>[,<condition>...]) <format>",
     .sections = server_side,
     .parse = add<ScriptKind::tcp, read_check_variable>,
     .doc = "Sets a variable from a log-format string during a check."},
    {.name = "unset-var",
     .syntax = "(<variable>)",
     .sections = server_side,
     .parse = add<ScriptKind::tcp, read_check_variable>,
     .doc = "Drops a variable during a check."},
};
static_assert(in_order(tcp_rows));

constexpr Keyword<Proxy> http_rows[] = {
    {.name = "comment",
     .syntax = "<text>",
     .sections = server_side,
     .parse = add<ScriptKind::http, read_check_comment>,
     .doc = "Text reported when the next check step fails."},
    {.name = "connect",
     .syntax = "[default] [port <port>] [addr <address>] [send-proxy] [via-socks4] [linger] [comment <text>]",
     .sections = server_side,
     .parse = add<ScriptKind::http, read_check_connect>,
     .doc = "Opens a connection inside an HTTP check."},
    {.name = "disable-on-404",
     .syntax = "",
     .sections = server_side,
     .parse = http_flag<&CheckSettings::disable_on_404>,
     .doc = "Lets a server that answers 404 finish what it has and get nothing new."},
    {.name = "expect",
     .syntax = "[min-recv <n>] [comment <text>] [ok-status|error-status|tout-status <status>] [on-success|on-error "
               "<text>] [!] <match> <pattern>",
     .sections = server_side,
     .parse = add<ScriptKind::http, read_check_expect>,
     .doc = "Matches the status, the body or a header of the check's answer."},
    {.name = "send",
     .syntax = "[meth <method>] [uri <uri>] [ver <version>] [hdr <name> <value>]* [body <text>] [comment <text>]",
     .sections = server_side,
     .parse = http_send,
     .doc = "Composes the request of an HTTP check."},
    {.name = "send-state",
     .syntax = "",
     .sections = server_side,
     .parse = http_flag<&CheckSettings::send_state>,
     .doc = "Tells the server how it is seen, in a header of the check."},
    {.name = "set-var",
     .syntax = "(<variable>[,<condition>...]) <sample>",
     .sections = server_side,
     .parse = add<ScriptKind::http, read_check_variable>,
     .doc = "Sets a variable during a check."},
    {.name = "set-var-fmt",
     .syntax = "(<variable>[,<condition>...]) <format>",
     .sections = server_side,
     .parse = add<ScriptKind::http, read_check_variable>,
     .doc = "Sets a variable from a log-format string during a check."},
    {.name = "unset-var",
     .syntax = "(<variable>)",
     .sections = server_side,
     .parse = add<ScriptKind::http, read_check_variable>,
     .doc = "Drops a variable during a check."},
};
static_assert(in_order(http_rows));

constexpr Keyword<Proxy> external_rows[] = {
    {.name = "command",
     .syntax = "<file>",
     .parse = external<&CheckSettings::command, &CheckSettings::command_where>,
     .doc = "The program that checks servers."},
    {.name = "path",
     .syntax = "<path>",
     .parse = external<&CheckSettings::path, &CheckSettings::path_where>,
     .doc = "The PATH of the program that checks servers."},
};
static_assert(in_order(external_rows));

template <const Table<Proxy>* table, const auto& supported>
void unknown(Line& line, Proxy& proxy) {
  // "set-varx(...)" begins with a row's name, and is its to judge.
  for (const std::string_view action : {"set-var-fmt", "set-var", "unset-var"})
    if (line.peek().starts_with(action)) {
      line.take();
      return read_row(line, *table->find(action), proxy);
    }
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
    line.alert(fmt::format("'external-check' only supports 'command' and 'path'. but got '{}'.", line.peek()),
               line.position());
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
    {.name = "http-check",
     .syntax = "<rule> ...",
     .sections = server_side,
     .doc = "A step of `option httpchk`.",
     .words = &http_table},
    {.name = "tcp-check",
     .syntax = "<rule> ...",
     .sections = server_side,
     .doc = "A step of `option tcp-check`.",
     .words = &tcp_table},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> check_script_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
