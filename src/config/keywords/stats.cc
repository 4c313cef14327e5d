// Rows of "stats <setting>" in a proxy: the statistics page (manual 4.2).
#include <algorithm>
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/http_rule_reader.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Stats;

constexpr auto read = Misplaced::read;

/// Any of these settings turns the page on.
Stats& stats_of(Proxy& proxy) {
  if (!proxy.stats) proxy.stats.emplace();
  proxy.stats->enabled = true;
  return *proxy.stats;
}

void report(Line& line, std::string_view text) {
  line.report(Severity::alert, fmt::format("parsing [{}]: {}", line.place(), text));
}

void enable(Line&, Proxy& proxy) { stats_of(proxy); }

void uri(Line& line, Proxy& proxy) {
  if (line.peek().empty()) return void(line.alert("'uri' needs an URI prefix."));
  stats_of(proxy).uri = line.take();
}

void realm(Line& line, Proxy& proxy) {
  if (line.peek().empty()) return void(line.alert("'realm' needs an realm name."));
  stats_of(proxy).realm = line.take();
}

void auth(Line& line, Proxy& proxy) {
  const std::string_view account = line.take();
  if (account.empty()) return void(line.alert("'auth' needs a user:password account."));
  const size_t colon = account.find(':');
  stats_of(proxy).auth.emplace_back(account.substr(0, colon), colon == account.npos ? "" : account.substr(colon + 1));
}

void scope(Line& line, Proxy& proxy) {
  if (line.peek().empty()) return void(line.alert("'scope' needs a proxy name."));
  stats_of(proxy).scope.emplace_back(line.take());
}

void refresh(Line& line, Proxy& proxy) {
  static constexpr TimeWording wording{
      "'{k}' expects a delay.", "unexpected character '{c}' in argument to stats refresh interval.",
      "timer overflow in argument '{w}' to stats refresh interval (maximum value is 2147483647 s)."};
  if (const auto value = read_time(line, std::chrono::seconds(1), wording))
    stats_of(proxy).refresh = std::chrono::duration_cast<model::Milliseconds>(*value);
}

template <bool Stats::*member>
void show(Line&, Proxy& proxy) {
  stats_of(proxy).*member = true;
}

void show_node(Line& line, Proxy& proxy) {
  Stats& stats = stats_of(proxy);
  if (!line.peek().empty()) {
    if (!is_node_name(line.peek()))
      return report(
          line,
          "'stats show-node' invalid node name - should be a stringwith digits(0-9), letters(A-Z, a-z), hyphen(-) or "
          "underscode(_).");
    stats.node = line.take();
  }
  stats.show_node = true;
}

void show_desc(Line& line, Proxy& proxy) {
  std::string text;
  while (!line.done()) text += (text.empty() ? "" : " ") + std::string(line.take());
  if (text.empty() && line.context().model->global.description.empty()) {
    line.report(Severity::warning,
                fmt::format("parsing [{}]: 'show-desc' requires a parameter or 'desc' to be set in the global section.",
                            line.place()));
    return;
  }
  Stats& stats = stats_of(proxy);
  if (!text.empty()) stats.description = std::move(text);
  stats.show_description = true;
}

void admin(Line& line, Proxy& proxy) {
  if (line.peek() != "if" && line.peek() != "unless") {
    line.alert("'stats admin' requires either 'if' or 'unless' followed by a condition.", line.position());
    return;
  }
  if (auto condition = read_page_condition(line, {"error detected while parsing a 'stats admin' rule : ", "."}))
    stats_of(proxy).admin.push_back(std::move(condition));
}

using Action = model::AccessRule::Action;
constexpr std::pair<std::string_view, Action> access_actions[] = {
    {"allow", Action::allow}, {"auth", Action::auth}, {"deny", Action::deny}};

/// The rule behind `stats http-request`; empty after a report.
std::optional<model::AccessRule> read_access(Line& line, const Proxy& proxy) {
  const auto row = std::find_if(std::begin(access_actions), std::end(access_actions),
                                [&](const auto& each) { return each.first == line.peek(); });
  if (row == std::end(access_actions)) {
    if (const auto* other = find_action(line.peek(), of_http_request))
      line.alert(fmt::format("'stats http-request {}' is not supported by ddbproxy yet.", other->name),
                 line.position());
    else
      expect_http_action(line, of_http_request);
    return {};
  }
  model::AccessRule rule;
  rule.where = line.where(line.position());
  rule.action = row->second;
  line.take();
  if (rule.action == Action::auth && line.peek() == "realm") {
    line.take();
    if (line.peek().empty()) {
      line.alert(
          fmt::format("error detected in {} '{}' while parsing 'http-request auth' rule : missing realm value.\n.",
                      proxy.kind(), proxy.name));
      return {};
    }
    rule.realm = line.take();
  }
  constexpr std::string_view response_words =
      " deny_status status content-type errorfile errorfiles default-errorfiles "
      "file lf-file string lf-string hdr ";
  if (line.peek() == "if" || line.peek() == "unless") {
    rule.condition = read_page_condition(
        line, {fmt::format("error detected while parsing an 'http-request {}' condition : ", row->first), "."});
    if (!rule.condition) return {};
  } else if (rule.action == Action::deny && !line.peek().empty() &&
             response_words.find(fmt::format(" {} ", line.peek())) != std::string_view::npos) {
    line.alert(fmt::format("'{}' of 'stats http-request deny' is not supported by ddbproxy yet.", line.peek()),
               line.position());
    return {};
  } else if (!line.peek().empty()) {
    line.report(
        Severity::alert,
        fmt::format("parsing [{}]: 'http-request {}' expects either 'if' or 'unless' followed by a condition but "
                    "found '{}'.",
                    line.place(), row->first, line.peek()),
        line.position());
    return {};
  }
  return rule;
}

void http_request(Line& line, Proxy& proxy) {
  if (line.context().section == in_defaults)
    return void(line.report(Severity::alert,
                            fmt::format("parsing [{}]: 'stats' not allowed in 'defaults' section.", line.place()), 0));
  Stats& stats = stats_of(proxy);
  Draft& draft = *line.context().draft;
  if (draft.ended_access)
    line.report(
        Severity::warning,
        fmt::format("parsing [{}]: previous 'stats' action has no condition attached, further entries are NOOP.",
                    line.place()),
        0);
  auto rule = read_access(line, proxy);
  draft.ended_access = rule && !rule->condition;
  if (rule)
    stats.access.push_back(std::move(*rule));
  else
    line.context().give_up();  // as at any wrong rule
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "admin",
     .syntax = "{if|unless} <condition>",
     .sections = in_frontend | in_listen | in_backend,
     .mode = Needs::http,
     .parse = admin,
     .doc = "Lets the page change servers when the condition holds."},
    {.name = "auth",
     .syntax = "<user>:<password>",
     .mode = Needs::http,
     .parse = auth,
     .doc = "An account that may see the page.",
     .misplaced = read},
    {.name = "enable",
     .syntax = "",
     .mode = Needs::http,
     .parse = enable,
     .doc = "Shows the page, with the defaults of all settings.",
     .misplaced = read},
    {.name = "hide-version",
     .syntax = "",
     .mode = Needs::http,
     .parse = show<&Stats::hide_version>,
     .doc = "Leaves the version off the page.",
     .misplaced = read},
    {.name = "http-request",
     .syntax = "{allow|deny|auth [realm <text>]} [{if|unless} <condition>]",
     .sections = in_frontend | in_listen | in_backend,
     .mode = Needs::http,
     .parse = http_request,
     .doc = "Rules on who may see the page, the first that applies counts: all, nobody, or who knows a password.",
     .misplaced = Misplaced::read},
    {.name = "realm",
     .syntax = "<text>",
     .mode = Needs::http,
     .parse = realm,
     .doc = "What a browser shows when it asks for the password.",
     .misplaced = read},
    {.name = "refresh",
     .syntax = "<time>",
     .mode = Needs::http,
     .parse = refresh,
     .doc = "Makes browsers load the page again and again.",
     .misplaced = read},
    {.name = "scope",
     .syntax = "<proxy>",
     .mode = Needs::http,
     .parse = scope,
     .doc = "A proxy that the page shows; without any, all.",
     .misplaced = read},
    {.name = "show-desc",
     .syntax = "[<text>]",
     .mode = Needs::http,
     .parse = show_desc,
     .doc = "Shows a description on the page.",
     .misplaced = read},
    {.name = "show-legends",
     .syntax = "",
     .mode = Needs::http,
     .parse = show<&Stats::show_legends>,
     .doc = "Shows more in the page's tooltips.",
     .misplaced = read},
    {.name = "show-modules",
     .syntax = "",
     .mode = Needs::http,
     .parse = show<&Stats::show_modules>,
     .doc = "Shows the counters of HTTP connections on the page.",
     .misplaced = read},
    {.name = "show-node",
     .syntax = "[<name>]",
     .mode = Needs::http,
     .parse = show_node,
     .doc = "Shows the node's name on the page.",
     .misplaced = read},
    {.name = "uri",
     .syntax = "<prefix>",
     .mode = Needs::http,
     .parse = uri,
     .doc = "Where the page is, by the beginning of its URI.",
     .misplaced = read},
};
static_assert(in_order(rows));

void unknown(Line& line, Proxy&) {
  constexpr std::string_view known =
      "expects 'admin', 'uri', 'realm', 'auth', 'scope', 'enable', 'hide-version', 'show-node', "
      "'show-desc' or 'show-legends'.";
  if (line.peek().empty())
    report(line, fmt::format("missing keyword in 'stats', {}", known));
  else
    report(line, fmt::format("unknown stats parameter '{}', {}", line.peek(), known));
}

}  // namespace

constinit const Table<Proxy> stats_table{"stats", rows, unknown};

}  // namespace ddbproxy::config
