// Rows of the actions of rules (manual 4.2 "tcp-request connection", "... content", "... session", "tcp-response
// content").
#include <cctype>
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/idle_number.h"
#include "config/library.h"
#include "config/log_format_reader.h"
#include "config/log_reader.h"
#include "config/name_reader.h"
#include "config/readers.h"
#include "config/rule_reader.h"
#include "config/stick_reader.h"
#include "config/variable_reader.h"
#include "sample/expression.h"
#include "sample/log_format.h"

namespace ddbproxy::config {
namespace {

using Action = model::Rule::Action;
using model::Rule;

constexpr auto planned = Support::planned;

template <Action action>
void simple(Line&, RuleDraft& draft) {
  draft.rule.action = action;
}

/// "tcp-request content expression"; haproxy calls those on responses otherwise.
std::string use_of(const RuleDraft& draft) {
  if (draft.ruleset & of_http_responses) return "http-response response";
  return fmt::format("{} expression", name_of(draft.ruleset));
}

/// The sample of an action that can be known where it runs. `name` is what messages call it.
bool read_sample(Line& line, RuleDraft& draft, std::string_view use, std::string_view before, std::string_view name) {
  const size_t at = line.position();
  draft.rule.expression = read_expression(line, use, before);
  if (!draft.rule.expression) return false;
  if (name.empty()) name = line.word(at);
  const std::string problem = unavailable(*draft.rule.expression, places_of(draft), name);
  if (problem.empty()) return draft.of_messages() || !refuse_unanswered(line, *draft.rule.expression);
  line.alert(fmt::format("{}{}", before, problem), at);
  return false;
}

template <Action action>
void with_sample(Line& line, RuleDraft& draft) {
  draft.rule.action = action;
  const bool of_queues = action == Action::set_priority_class || action == Action::set_priority_offset;
  read_sample(line, draft, "ACL", "", of_queues && draft.of_messages() ? draft.word : "");
}

/// A number as strtoul() takes it, of which 32 bits count.
template <Action action>
void with_number(Line& line, RuleDraft& draft) {
  draft.rule.action = action;
  const std::string word(line.take());
  if (word.empty()) return void(line.alert("expects exactly 1 argument (integer/hex value)", line.position()));
  char* end = nullptr;
  draft.rule.number = static_cast<uint32_t>(std::strtoul(word.c_str(), &end, 0));
  if (*end) line.alert(fmt::format("invalid character starting at '{}' (integer/hex value expected)", end));
}

void set_nice(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::set_nice;
  const std::string word(line.take());
  if (word.empty()) return void(line.alert("expects exactly 1 argument (integer value)", line.position()));
  say_no_effect(line, draft.word);
}

void set_log_level(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::set_log_level;
  const std::string_view word = line.take();
  const auto found = std::find(log_levels.begin(), log_levels.end(), word);
  if (word == "silent")
    draft.rule.number = -1;
  else if (found != log_levels.end())
    draft.rule.number = found - log_levels.begin();
  else
    line.alert("expects exactly 1 argument (log level name or 'silent')");
}

constexpr std::string_view capture_name = "tcp-request content capture";

void capture(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::capture;
  if (draft.ruleset != of_request)
    return void(line.alert(fmt::format("'capture {}' is not allowed in '{}' rules in {}", line.peek(),
                                       name_of(draft.ruleset), section_in_words(line, draft.proxy))));
  const std::string before = fmt::format("'{}' : ", capture_name);
  if (!draft.proxy.frontend)
    return void(line.alert(fmt::format("{}proxy '{}' has no frontend capability", before, draft.proxy.name)));
  if (!read_sample(line, draft, "capture rule", before, "")) return;
  if (line.take() != "len") return void(line.alert(before + "a positive 'len' argument is mandatory"));
  const int length = wrapped_number(line.take());
  if (length <= 0) return void(line.alert(before + "length must be > 0"));
  auto& slots = draft.proxy.frontend->request_captures;
  draft.rule.number = static_cast<int64_t>(slots.size());
  slots.push_back(static_cast<uint32_t>(length));
}

void do_resolve(Line& line, RuleDraft& draft) { read_name_question(line, draft); }

template <Action action>
void expect_header(Line& line, RuleDraft& draft) {
  draft.rule.action = action;
  if (line.peek() != "layer4")
    return void(line.alert(fmt::format("'{} {}' only supports 'layer4' in {} (got '{}')", name_of(draft.ruleset),
                                       draft.word, section_in_words(line, draft.proxy), line.peek()),
                           line.position()));
  line.take();
  if (draft.ruleset != of_connection)
    line.alert(fmt::format("'{} layer4' is not allowed in '{}' rules in {}", draft.word, name_of(draft.ruleset),
                           section_in_words(line, draft.proxy)));
}

void switch_mode(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::switch_mode;
  const auto refuse = [&](std::string_view text) { line.alert(fmt::format("'tcp-request switch-mode'{}", text)); };
  if (!draft.proxy.frontend)
    return refuse(
        fmt::format(" not allowed because {} has no frontend capability", section_in_words(line, draft.proxy)));
  const std::string_view mode = line.take();
  if (mode.empty()) return refuse(" expects a mode as argument.");
  if (mode != "http") return refuse(fmt::format(" expects a valid mode (got '{}').", mode));
  if (line.peek() != "proto") return;
  line.take();
  const std::string_view protocol = line.take();
  constexpr std::string_view known[] = {"h1", "h2", "none"};
  if (protocol.empty())
    refuse(": 'proto' expects a protocol as argument.");
  else if (std::find(std::begin(known), std::end(known), protocol) == std::end(known))
    refuse(fmt::format(": 'proto' expects a valid MUX protocol, if specified (got '{}')", protocol));
}

void use_service(Line& line, RuleDraft&) {
  const std::string_view name = line.take();
  if (name.empty())
    line.alert(fmt::format("'{}' expects a service name.", line.word(0)));
  else if (name == "prometheus-exporter")
    line.alert("Prometheus exporter service only available on 'http-request' rulesets");
  else
    line.alert(fmt::format("'{}' unknown service name.", line.word(1)));
}

// --- variables ---

/// False after a report.
bool take_variable(Line& line, RuleDraft& draft, std::string_view action) {
  std::string error;
  if (read_variable(line.context().library(), draft.word, action, draft.rule, error)) return true;
  return line.alert(error), false;
}

void set_var(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::set_var;
  if (take_variable(line, draft, "set-var")) read_sample(line, draft, use_of(draft), "", draft.word);
}

void set_var_fmt(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::set_var_fmt;
  if (!take_variable(line, draft, "set-var-fmt")) return;
  draft.rule.format = read_rule_format(
      line, line.take(), {.places = places_of(draft), .use = use_of(draft), .judged_only = draft.of_messages()});
}

void unset_var(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::unset_var;
  take_variable(line, draft, "unset-var");
}

// --- tracked keys ---

constexpr unsigned long last_slot = 2;

/// The number at the front of `text`, as strtoul() reads it; what follows stays.
unsigned long leading_number(std::string_view& text) {
  const std::string copy(text);
  char* end = nullptr;
  const unsigned long number = std::strtoul(copy.c_str(), &end, 10);
  text.remove_prefix(static_cast<size_t>(end - copy.c_str()));
  return number;
}

void track(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::track_sc;
  const std::string before = draft.of_messages() ? "" : fmt::format("'{} {}' : ", name_of(draft.ruleset), draft.word);
  const std::string_view number = draft.word.substr(std::string_view("track-sc").size());
  std::string_view rest = number;
  const bool digit = number.empty() || std::isdigit(static_cast<unsigned char>(number[0]));
  const unsigned long slot = leading_number(rest);
  if (!digit || !rest.empty()) return void(line.alert(fmt::format("{}Wrong track-sc number '{}'", before, number)));
  if (slot > last_slot)
    return void(line.alert(
        fmt::format("{}{} track-sc number exceeding {} (MAX_SESS_STKCTR-1) value", before, slot, last_slot)));
  draft.rule.slot = static_cast<uint8_t>(slot);
  if (line.peek().empty()) return void(line.alert(before + "missing fetch method"));
  if (!read_sample(line, draft, draft.of_messages() ? "ACL" : "tracking rule", before, "")) return;
  if (draft.of_messages() && line.peek() == "table" && line.word(line.position() + 1).empty())
    return void(line.alert("missing table name"));
  read_table_name(line, draft.rule.table);
  if (draft.of_messages()) line.context().http_references.track(draft, line);
}

/// What stands behind the name in "sc-inc-gpc0(1)"; nothing is slot 0. False after a report, whose texts say {} for
/// the action as written.
bool read_slot(Line& line, RuleDraft& draft, std::string_view action, const char* none, const char* too_high) {
  std::string_view rest = draft.word.substr(action.size());
  if (rest.empty()) return true;
  const bool opened = rest[0] == '(';
  rest.remove_prefix(opened);
  const unsigned long slot = leading_number(rest);
  if (!opened || !rest.starts_with(')')) return line.alert(fmt::format(fmt::runtime(none), draft.word)), false;
  if (slot > last_slot) return line.alert(fmt::format(fmt::runtime(too_high), draft.word)), false;
  draft.rule.slot = static_cast<uint8_t>(slot);
  return true;
}

/// "(1,0)": which one, and the slot.
bool read_number_and_slot(Line& line, RuleDraft& draft, std::string_view action, std::string_view what) {
  std::string_view rest = draft.word.substr(action.size());
  const std::string expects = fmt::format("Expects {}(<{} ID>,<Track ID>)", action, what == "gpc" ? "GPC" : "GPT");
  const auto wrong = [&](std::string_view text, std::string_view hint) {
    line.alert(fmt::format("{} '{}'. {}", text, draft.word, hint));
    return false;
  };
  if (!rest.starts_with('(')) return wrong(fmt::format("invalid {} ID", what), expects);
  rest.remove_prefix(1);
  draft.rule.at = static_cast<uint32_t>(leading_number(rest));
  if (!rest.starts_with(',')) return wrong(fmt::format("Missing {} ID", what), expects);
  rest.remove_prefix(1);
  const unsigned long slot = leading_number(rest);
  if (!rest.starts_with(')')) return wrong("invalid stick table track ID", expects);
  if (slot > last_slot) return wrong("invalid stick table track ID", "The max allowed ID is 2");
  draft.rule.slot = static_cast<uint8_t>(slot);
  return true;
}

template <model::StickData data>
void sc_inc_gpc(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::sc_inc_gpc;
  draft.rule.data = data;
  if (data == model::StickData::gpc)
    read_number_and_slot(line, draft, "sc-inc-gpc", "gpc");
  else
    read_slot(line, draft, data == model::StickData::gpc0 ? "sc-inc-gpc0" : "sc-inc-gpc1",
              "invalid stick table track ID. Expects {}(<Track ID>)",
              "invalid stick table track ID. The max allowed ID is 2");
}

template <model::StickData data>
void sc_set_gpt(Line& line, RuleDraft& draft) {
  draft.rule.action = Action::sc_set_gpt;
  draft.rule.data = data;
  const bool good =
      data == model::StickData::gpt
          ? read_number_and_slot(line, draft, "sc-set-gpt", "gpt")
          : read_slot(line, draft, "sc-set-gpt0", "invalid stick table track ID '{}'. Expects sc-set-gpt0(<Track ID>)",
                      "invalid stick table track ID '{}'. The max allowed ID is 2");
  if (!good) return;
  const std::string word(line.peek());
  char* end = nullptr;
  draft.rule.number = std::strtol(word.c_str(), &end, 10);
  if (!*end)
    line.take();
  else
    read_sample(line, draft, "ACL", "", "");
}

constexpr Keyword<RuleDraft> rows[] = {
    {.name = "accept",
     .syntax = "[{if|unless} <condition>]",
     .parse = simple<Action::accept>,
     .doc = "Lets it pass, whatever the rules behind this one say.",
     .rulesets = of_all},
    {.name = "capture",
     .syntax = "<sample> len <length> [{if|unless} <condition>]",
     .parse = capture,
     .doc = "Keeps a text for the log.",
     .misplaced = Misplaced::read,
     .rulesets = of_request},
    {.name = "close",
     .syntax = "[{if|unless} <condition>]",
     .parse = simple<Action::close>,
     .doc = "Closes the server's connection at once.",
     .rulesets = of_response},
    {.name = "do-resolve",
     .syntax = "(<variable>,<resolvers>[,ipv4|ipv6]) <sample> [{if|unless} <condition>]",
     .parse = do_resolve,
     .doc = "Asks name servers for an address and keeps it in a variable.",
     .rulesets = of_request,
     .bracketed = true},
    {.name = "expect-netscaler-cip",
     .syntax = "layer4 [{if|unless} <condition>]",
     .parse = expect_header<Action::expect_netscaler>,
     .doc = "Awaits a NetScaler Client IP header before the client's bytes.",
     .misplaced = Misplaced::read,
     .rulesets = of_connection},
    {.name = "expect-proxy",
     .syntax = "layer4 [{if|unless} <condition>]",
     .parse = expect_header<Action::expect_proxy>,
     .doc = "Awaits a PROXY header before the client's bytes.",
     .misplaced = Misplaced::read,
     .rulesets = of_connection},
    {.name = "ot-group",
     .syntax = "",
     .support = planned,
     .doc = "Runs a group of OpenTracing.",
     .rulesets = of_contents},
    {.name = "reject",
     .syntax = "[{if|unless} <condition>]",
     .parse = simple<Action::reject>,
     .doc = "Ends it without an answer.",
     .rulesets = of_all | of_http_request},
    {.name = "sc-inc-gpc",
     .syntax = "(<number>,<slot>)",
     .parse = sc_inc_gpc<model::StickData::gpc>,
     .doc = "Adds one to a general counter of a tracked key.",
     .rulesets = of_all | of_http_request | of_http_response,
     .bracketed = true},
    {.name = "sc-inc-gpc0",
     .syntax = "(<slot>)",
     .parse = sc_inc_gpc<model::StickData::gpc0>,
     .doc = "Adds one to gpc0 of a tracked key.",
     .rulesets = of_all | of_http_request | of_http_response,
     .bracketed = true},
    {.name = "sc-inc-gpc1",
     .syntax = "(<slot>)",
     .parse = sc_inc_gpc<model::StickData::gpc1>,
     .doc = "Adds one to gpc1 of a tracked key.",
     .rulesets = of_all | of_http_request | of_http_response,
     .bracketed = true},
    {.name = "sc-set-gpt",
     .syntax = "(<number>,<slot>) {<integer>|<sample>}",
     .parse = sc_set_gpt<model::StickData::gpt>,
     .doc = "Sets a tag of a tracked key.",
     .rulesets = of_all | of_http_request | of_http_response,
     .bracketed = true},
    {.name = "sc-set-gpt0",
     .syntax = "(<slot>) {<integer>|<sample>}",
     .parse = sc_set_gpt<model::StickData::gpt0>,
     .doc = "Sets gpt0 of a tracked key.",
     .rulesets = of_all | of_http_request | of_http_response,
     .bracketed = true},
    {.name = "send-spoe-group",
     .syntax = "<engine> <group>",
     .support = planned,
     .doc = "Sends a group of messages to an agent.",
     .rulesets = of_contents},
    {.name = "set-dst",
     .syntax = "<sample> [{if|unless} <condition>]",
     .parse = with_sample<Action::set_dst>,
     .doc = "Changes the address that the client connected to.",
     .rulesets = of_requests | of_http_request},
    {.name = "set-dst-port",
     .syntax = "<sample> [{if|unless} <condition>]",
     .parse = with_sample<Action::set_dst_port>,
     .doc = "Changes the port that the client connected to.",
     .rulesets = of_requests | of_http_request},
    {.name = "set-log-level",
     .syntax = "<level> [{if|unless} <condition>]",
     .parse = set_log_level,
     .doc = "Sets the level of the stream's log line, or drops it.",
     .rulesets = of_contents | of_http_request | of_http_response},
    {.name = "set-mark",
     .syntax = "<mark> [{if|unless} <condition>]",
     .parse = with_number<Action::set_mark>,
     .doc = "Marks the client's packets for the system's filters.",
     .rulesets = of_all | of_http_request | of_http_response},
    {.name = "set-nice",
     .syntax = "<nice> [{if|unless} <condition>]",
     .support = Support::ignored,
     .parse = set_nice,
     .doc = "Priority in haproxy's scheduler, which has no like here.",
     .rulesets = of_contents | of_http_request | of_http_response},
    {.name = "set-priority-class",
     .syntax = "<sample> [{if|unless} <condition>]",
     .parse = with_sample<Action::set_priority_class>,
     .doc = "Sets the class of a stream in queues.",
     .rulesets = of_request | of_http_request},
    {.name = "set-priority-offset",
     .syntax = "<sample> [{if|unless} <condition>]",
     .parse = with_sample<Action::set_priority_offset>,
     .doc = "Moves a stream in queues by some milliseconds.",
     .rulesets = of_request | of_http_request},
    {.name = "set-src",
     .syntax = "<sample> [{if|unless} <condition>]",
     .parse = with_sample<Action::set_src>,
     .doc = "Changes the client's address.",
     .rulesets = of_requests | of_http_request},
    {.name = "set-src-port",
     .syntax = "<sample> [{if|unless} <condition>]",
     .parse = with_sample<Action::set_src_port>,
     .doc = "Changes the client's port.",
     .rulesets = of_requests | of_http_request},
    {.name = "set-tos",
     .syntax = "<tos> [{if|unless} <condition>]",
     .parse = with_number<Action::set_tos>,
     .doc = "Sets the service field of the client's packets.",
     .rulesets = of_all | of_http_request | of_http_response},
    {.name = "set-var",
     .syntax = "(<variable>[,<test>...]) <sample> [{if|unless} <condition>]",
     .parse = set_var,
     .doc = "Sets a variable.",
     .rulesets = of_all | of_http,
     .bracketed = true},
    {.name = "set-var-fmt",
     .syntax = "(<variable>[,<test>...]) <format> [{if|unless} <condition>]",
     .parse = set_var_fmt,
     .doc = "Sets a variable by a log format.",
     .rulesets = of_all | of_http,
     .bracketed = true},
    {.name = "silent-drop",
     .syntax = "[{if|unless} <condition>]",
     .parse = simple<Action::silent_drop>,
     .doc = "Forgets the connection, so that the client waits in vain.",
     .rulesets = of_all | of_http_request | of_http_response},
    {.name = "switch-mode",
     .syntax = "http [proto <name>]",
     .support = planned,
     .parse = switch_mode,
     .doc = "Goes on in mode http.",
     .rulesets = of_request},
    {.name = "track-sc",
     .syntax = "<sample> [table <name>] [{if|unless} <condition>]",
     .parse = track,
     .doc = "Tracks a key in a slot of counters.",
     .rulesets = of_requests | of_http_request | of_http_response,
     .bracketed = true},
    {.name = "unset-var",
     .syntax = "(<variable>) [{if|unless} <condition>]",
     .parse = unset_var,
     .doc = "Removes a variable.",
     .rulesets = of_all | of_http,
     .bracketed = true},
    {.name = "use-service",
     .syntax = "<name>",
     .support = Support::ignored,
     .parse = use_service,
     .doc = "Would have a service answer instead of a server; there is none for TCP, so it is always an error.",
     .rulesets = of_request},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<RuleDraft> action_table{"action of a rule", rows};

}  // namespace ddbproxy::config
