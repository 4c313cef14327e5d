// Rows that need samples, conditions or stick tables: acl, use_backend, use-server, stick, filter (manual 4.2, 7).
#include <fmt/format.h>

#include "config/condition_reader.h"
#include "config/context.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

constexpr auto planned = Support::planned;
constexpr uint8_t server_sections = in_listen | in_backend, proxy_sections = in_frontend | in_listen | in_backend;

/// Keeps the name, so that conditions that use it do not complain as well.
void acl(Line& line, Proxy&) {
  if (!line.peek().empty()) line.context().draft->acls.emplace_back(line.take());
}

/// The first ACL that differs between sessions; null when the condition always has the same result.
const model::Condition::Term* first_variable(const model::Condition& condition) {
  for (const auto& terms : condition.any_of)
    for (const auto& term : terms)
      if (term.acl != "TRUE" && term.acl != "FALSE") return &term;
  return nullptr;
}

void use_backend(Line& line, Proxy& proxy) {
  model::BackendRule rule;
  rule.where = line.where(1);
  rule.backend = line.take();
  if (rule.backend.empty()) return void(line.alert("'use_backend' expects a backend name."));
  if (rule.backend.find('%') != std::string::npos)
    return void(line.alert("'use_backend' with a name made of samples is not supported by ddbproxy yet."));
  if (line.peek() == "if" || line.peek() == "unless") {
    rule.condition = read_condition(line, "switching rule");
    if (!rule.condition) return;
    if (const auto* acl = first_variable(*rule.condition))
      return void(line.alert(fmt::format("'use_backend' by the ACL '{}' is not supported by ddbproxy yet.", acl->acl)));
  } else if (!line.peek().empty()) {
    line.alert(
        fmt::format("unexpected keyword '{}' after switching rule, only 'if' and 'unless' are allowed.", line.peek()),
        line.position());
    return;
  }
  proxy.frontend->use_backend.push_back(std::move(rule));
}

template <const auto& text>
void required(Line& line, Proxy&) {
  if (line.peek().empty()) line.alert(text);
}
constexpr char server_text[] = "'use-server' expects a server name.", persist_text[] = "missing persist method.",
               format_text[] = "unique-id-format expects an argument.";

constexpr Keyword<Proxy> stick_rows[] = {
    {.name = "match",
     .syntax = "<sample> [table <name>]",
     .sections = server_sections,
     .support = planned,
     .doc = "Chooses the server that a stick table names."},
    {.name = "on",
     .syntax = "<sample> [table <name>]",
     .sections = server_sections,
     .support = planned,
     .doc = "Chooses a server by a stick table and learns it, too."},
    {.name = "store-request",
     .syntax = "<sample> [table <name>]",
     .sections = server_sections,
     .support = planned,
     .doc = "Learns a client's server from what it has sent."},
    {.name = "store-response",
     .syntax = "<sample> [table <name>]",
     .sections = server_sections,
     .support = planned,
     .doc = "Learns a client's server from what the server has sent."},
};
static_assert(in_order(stick_rows));
void unknown_stick(Line& line, Proxy&) { line.alert("'stick' expects 'on', 'match', or 'store'.", line.position()); }
constexpr Table<Proxy> stick_table{"stick rule", stick_rows, unknown_stick};

constexpr Keyword<Proxy> email_rows[] = {
    {.name = "from", .syntax = "<address>", .support = planned, .doc = "Sender of mails about servers.", .later = true},
    {.name = "level",
     .syntax = "<level>",
     .support = planned,
     .doc = "Level from which events are mailed.",
     .later = true},
    {.name = "mailers", .syntax = "<section>", .support = planned, .doc = "The mail servers to use.", .later = true},
    {.name = "myhostname",
     .syntax = "<name>",
     .support = planned,
     .doc = "Name that mail servers are told.",
     .later = true},
    {.name = "to", .syntax = "<address>", .support = planned, .doc = "Receiver of mails about servers.", .later = true},
};
static_assert(in_order(email_rows));
void unknown_email(Line& line, Proxy&) {
  line.alert(fmt::format("email-alert: unknown argument '{}'.", line.peek()), line.position());
}
constexpr Table<Proxy> email_table{"email-alert", email_rows, unknown_email};

constexpr Keyword<Proxy> rows[] = {
    {.name = "acl",
     .syntax = "<name> <sample> [<flag>...] [<pattern>...]",
     .support = planned,
     .parse = acl,
     .doc = "Names a condition."},
    {.name = "email-alert",
     .syntax = "<setting> <value>",
     .doc = "Mails about servers that change state.",
     .words = &email_table},
    {.name = "filter",
     .syntax = "<name> [<argument>...]",
     .sections = proxy_sections,
     .support = planned,
     .doc = "Passes data through a filter."},
    {.name = "persist",
     .syntax = "rdp-cookie[(<name>)]",
     .sections = server_side,
     .support = planned,
     .parse = required<persist_text>,
     .doc = "Follows the server that an RDP cookie names.",
     .misplaced = Misplaced::read},
    {.name = "stick",
     .syntax = "{on|match|store-request|store-response} <sample>",
     .doc = "Sends clients back by a stick table.",
     .words = &stick_table},
    {.name = "stick-table",
     .syntax = "type <type> size <size> [<option>...]",
     .sections = proxy_sections,
     .support = planned,
     .doc = "A table of clients, their servers and their counters."},
    {.name = "unique-id-format",
     .syntax = "<format>",
     .sections = client_side,
     .support = planned,
     .parse = required<format_text>,
     .doc = "How a session's unique id is made.",
     .misplaced = Misplaced::read},
    {.name = "use-server",
     .syntax = "<server> {if|unless} <condition>",
     .sections = server_sections,
     .support = planned,
     .parse = required<server_text>,
     .doc = "Chooses a server by a condition."},
    {.name = "use_backend",
     .syntax = "<backend> [{if|unless} <condition>]",
     .sections = in_frontend | in_listen,
     .parse = use_backend,
     .doc = "Sends sessions to a backend, always or by a condition."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> rule_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
