// Rows that need samples, conditions or stick tables: acl, use_backend, use-server, stick, filter (manual 4.2, 7).
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/log_format_reader.h"
#include "config/readers.h"
#include "config/stick_reader.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

constexpr auto planned = Support::planned;
constexpr uint16_t server_sections = in_listen | in_backend, proxy_sections = in_frontend | in_listen | in_backend;

void acl(Line& line, Proxy& proxy) {
  if (line.context().section == in_defaults && proxy.name.empty())
    return void(line.alert("'acl' not allowed in anonymous 'defaults' section.", 0));
  read_acl(line);
}

/// A name, or a format that makes one; false after a report.
bool read_target(Line& line, std::string_view keyword, const Proxy& proxy, const std::string& name, sample::Place place,
                 std::shared_ptr<const sample::LogFormat>& format) {
  if (name.find('%') == std::string::npos) return true;
  format = compile_format(
      line.context(), name, line.where(line.position() - 1), fmt::format("{} rule '{}'", keyword, name),
      {.http = true, .places = sample::at(place), .log_line = false}, proxy, fmt::format("{} expression", keyword));
  return format != nullptr;
}

void use_backend(Line& line, Proxy& proxy) {
  model::BackendRule rule;
  rule.where = line.where(1);
  rule.backend = line.take();
  if (rule.backend.empty()) return void(line.alert("'use_backend' expects a backend name."));
  if (line.peek() == "if" || line.peek() == "unless") {
    const auto condition = read_condition(line, {});
    if (!condition) return;
    warn_of_conflicts(line, *condition, sample::Place::use_backend, "", sample::at(sample::Place::use_backend));
    rule.condition = condition;
  } else if (!line.peek().empty()) {
    line.alert(
        fmt::format("unexpected keyword '{}' after switching rule, only 'if' and 'unless' are allowed.", line.peek()),
        line.position());
    return;
  }
  line.seek(2);
  if (!read_target(line, "use_backend", proxy, rule.backend, sample::Place::use_backend, rule.format)) return;
  line.context().draft->rules.add(line, RuleKind::use_backend);
  proxy.frontend->use_backend.push_back(std::move(rule));
}

void use_server(Line& line, Proxy& proxy) {
  model::ServerRule rule;
  rule.where = line.where(1);
  rule.server = line.take();
  if (rule.server.empty()) return void(line.alert("'use-server' expects a server name."));
  if (line.peek() != "if" && line.peek() != "unless") {
    line.alert("'use-server' requires either 'if' or 'unless' followed by a condition.", line.position());
    return;
  }
  const auto condition = read_condition(line, {});
  if (!condition) return;
  warn_of_conflicts(line, *condition, sample::Place::use_server, "", sample::at(sample::Place::use_server));
  rule.condition = condition;
  line.seek(2);
  if (!read_target(line, "use-server", proxy, rule.server, sample::Place::use_server, rule.format)) return;
  if (proxy.backend) proxy.backend->use_server.push_back(std::move(rule));
}

template <bool force>
void persist_rule(Line& line, Proxy& proxy) {
  const std::string name = line.keyword();
  if (line.peek() != "if" && line.peek() != "unless") {
    line.alert(fmt::format("'{}' requires either 'if' or 'unless' followed by a condition.", name), line.position());
    return;
  }
  const auto condition = read_condition(line, {fmt::format("error detected while parsing a '{}' rule : ", name), "."});
  if (!condition) return;
  constexpr sample::Place place = sample::Place::backend_request;
  warn_of_conflicts(line, *condition, place, "", sample::at(place));
  if (proxy.backend) proxy.backend->persist_rules.push_back({line.where(0), force, condition});
}

void persist(Line& line, Proxy& proxy) {
  if (line.peek().empty()) return void(line.alert("missing persist method."));
  const std::string_view word = line.take();
  constexpr std::string_view method = "rdp-cookie";
  if (!word.starts_with(method)) return void(line.alert("unknown persist method."));
  std::string_view name = "msts";
  if (word != method) {
    const size_t open = word.find('('), close = word.find(')');
    name = open == word.npos || close == word.npos ? std::string_view() : word.substr(open + 1, close - open - 1);
    // The quote that is missing is 2.6's.
    if (name.empty()) return void(line.alert("persist rdp-cookie(name)' requires an rdp cookie name."));
  }
  if (proxy.backend) proxy.backend->persist_rdp_cookie = name;
}

void unique_id_format(Line& line, Proxy& proxy) {
  if (line.peek().empty()) return void(line.alert("unique-id-format expects an argument."));
  std::string format(line.take());
  if (!line.peek().empty())
    return void(
        line.alert("unique-id-format expects only one argument, don't forget to escape spaces!", line.position()));
  if (!proxy.frontend) return;
  proxy.frontend->unique_id_format = std::move(format);
  proxy.frontend->unique_id_where = line.where(1);
}

void stick_match(Line& line, Proxy& proxy) { read_stick_rule(line, proxy, {.match = true}); }
void stick_on(Line& line, Proxy& proxy) { read_stick_rule(line, proxy, {.match = true, .store = true}); }
void stick_store_request(Line& line, Proxy& proxy) { read_stick_rule(line, proxy, {.store = true}); }
void stick_store_response(Line& line, Proxy& proxy) {
  read_stick_rule(line, proxy, {.store = true, .of_response = true});
}

constexpr Keyword<Proxy> stick_rows[] = {
    {.name = "match",
     .syntax = "<sample> [table <name>] [{if|unless} <condition>]",
     .sections = server_side,
     .parse = stick_match,
     .doc = "Chooses the server that a stick table names."},
    {.name = "on",
     .syntax = "<sample> [table <name>] [{if|unless} <condition>]",
     .sections = server_side,
     .parse = stick_on,
     .doc = "Chooses a server by a stick table and learns it, too."},
    {.name = "store",
     .syntax = "<sample> [table <name>] [{if|unless} <condition>]",
     .sections = server_side,
     .parse = stick_store_request,
     .doc = "The same as `stick store-request`."},
    {.name = "store-request",
     .syntax = "<sample> [table <name>] [{if|unless} <condition>]",
     .sections = server_side,
     .parse = stick_store_request,
     .doc = "Learns a client's server from what it has sent."},
    {.name = "store-response",
     .syntax = "<sample> [table <name>] [{if|unless} <condition>]",
     .sections = server_side,
     .parse = stick_store_response,
     .doc = "Learns a client's server from what the server has sent."},
};
static_assert(in_order(stick_rows));
void unknown_stick(Line& line, Proxy&) { line.alert("'stick' expects 'on', 'match', or 'store'.", line.position()); }
constexpr Table<Proxy> stick_table{"stick rule", stick_rows, unknown_stick};

constexpr Keyword<Proxy> rows[] = {
    {.name = "acl", .syntax = "<name> <sample> [<flag>...] [<pattern>...]", .parse = acl, .doc = "Names a condition."},
    {.name = "filter",
     .syntax = "<name> [<argument>...]",
     .sections = proxy_sections,
     .support = planned,
     .doc = "Passes data through a filter."},
    {.name = "force-persist",
     .syntax = "{if|unless} <condition>",
     .sections = server_sections,
     .parse = persist_rule<true>,
     .doc = "Keeps to a server even when it is down."},
    {.name = "ignore-persist",
     .syntax = "{if|unless} <condition>",
     .sections = server_sections,
     .parse = persist_rule<false>,
     .doc = "Ends the search for a force-persist; of mode http: leaves cookies out of the choice."},
    {.name = "persist",
     .syntax = "rdp-cookie[(<name>)]",
     .sections = server_side,
     .max_args = 1,
     .parse = persist,
     .doc = "Follows the server that an RDP cookie names.",
     .misplaced = Misplaced::read},
    {.name = "stick",
     .syntax = "{on|match|store-request|store-response} <sample>",
     .doc = "Sends clients back by a stick table.",
     .words = &stick_table},
    {.name = "stick-table",
     .syntax = "type <type> size <size> [<option>...]",
     .parse = read_stick_table,
     .doc = "A table of clients, their servers and their counters."},
    {.name = "unique-id-format",
     .syntax = "<format>",
     .sections = client_side,
     .parse = unique_id_format,
     .doc = "How a session's unique id is made.",
     .misplaced = Misplaced::read},
    {.name = "use-server",
     .syntax = "<server> {if|unless} <condition>",
     .sections = server_sections,
     .parse = use_server,
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
