// Reads the words of actions that only rules on messages have.
#include "config/http_action_readers.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "base/regex.h"
#include "config/acl_reader.h"
#include "config/context.h"
#include "config/http_reply_reader.h"
#include "config/http_rule_reader.h"
#include "config/library.h"
#include "config/name_reader.h"
#include "config/readers.h"
#include "config/redirect_reader.h"
#include "sample/expression.h"

namespace ddbproxy::config {
namespace {

using Kind = HttpReferences::Kind;

/// Whether an action's own words end here.
bool at_end(const Line& line) { return line.peek().empty() || line.peek() == "if" || line.peek() == "unless"; }

bool fail(Line& line, std::string_view text) {
  line.alert(text, std::min(line.position(), line.size()));
  return false;
}
bool expect_arguments(Line& line, size_t count, std::string_view text) {
  for (size_t i = 0; i < count; ++i)
    if (line.word(line.position() + i).empty()) return fail(line, text);
  return true;
}

/// haproxy calls what stands on responses otherwise.
std::string_view use_of_format(const RuleDraft& draft) {
  return draft.ruleset == of_http_request ? "http-request expression" : "http-response response";
}

RuleFormat format_of(const RuleDraft& draft) {
  return {
      .places = places_of(draft), .use = std::string(use_of_format(draft)), .of_messages = true, .judged_only = true};
}
bool read_format(Line& line, const RuleDraft& draft) {
  return read_rule_format(line, line.take(), format_of(draft)) != nullptr;
}

/// A sample that must be known where the rule runs; its name in messages is the word at `at`.
bool read_known_sample(Line& line, RuleDraft& draft) {
  const size_t at = line.position();
  draft.rule.expression = read_expression(line, "ACL");
  if (!draft.rule.expression) return false;
  const std::string problem = unavailable(*draft.rule.expression, places_of(draft), line.word(at));
  if (!problem.empty()) line.alert(problem, at);
  return problem.empty();
}

/// A slot by its number, which the frontend must have in the end.
void read_slot_id(Line& line, RuleDraft& draft) {
  const std::string word(line.take());
  char* end = nullptr;
  draft.rule.number = std::strtol(word.c_str(), &end, 10);
  if (*end) return void(line.alert(fmt::format("cannot parse id '{}'", word)));
  line.context().http_references.add(Kind::capture, draft, line, fmt::format("{}", draft.rule.number));
}

bool check_regex(Line& line, std::string_view pattern, std::string_view before) {
  const auto regex = base::Regex::compile(pattern);
  if (!regex) line.alert(fmt::format("{}{}", before, regex.error().text));
  return static_cast<bool>(regex);
}

void read_reply_of(Line& line, RuleDraft& draft, int status, bool denies) {
  ReplyDraft reply{.format = format_of(draft), .status = status, .takes_deny_status = denies};
  if (read_reply(line, reply) && !reply.section.empty()) {
    draft.rule.number = reply.status;
    line.context().http_references.add(Kind::error_section, draft, line, reply.section);
  }
}

/// Two names and nothing else.
bool read_two_names(Line& line, std::string& first, std::string& second, std::string_view usage) {
  first = line.take();
  second = at_end(line) ? std::string_view{} : line.take();
  return (!first.empty() && !second.empty() && at_end(line)) || fail(line, usage);
}

void read_formats(Line& line, RuleDraft& draft, size_t count) {
  if (!expect_arguments(line, count, fmt::format("expects exactly {} arguments", count))) return;
  for (size_t i = 0; i < count; ++i)
    if (!read_format(line, draft)) return;
}

}  // namespace

namespace http_actions {

void one_format(Line& line, RuleDraft& draft) { read_formats(line, draft, 1); }
void two_formats(Line& line, RuleDraft& draft) { read_formats(line, draft, 2); }

void nothing(Line&, RuleDraft&) {}

void add_header(Line& line, RuleDraft& draft) {
  if (!expect_arguments(line, 2, "expects exactly 2 arguments")) return;
  line.take();
  read_format(line, draft);
}

void auth(Line& line, RuleDraft&) {
  if (line.peek() != "realm") return;
  line.take();
  if (line.take().empty()) line.alert("missing realm value.\n");
}

void cache(Line& line, RuleDraft& draft) {
  if (at_end(line)) return void(fail(line, "expects a cache name"));
  const std::string name(line.take());
  line.context().http_references.add(Kind::cache, draft, line, name);
}

void capture_message(Line& line, RuleDraft& draft) {
  const bool of_request = draft.ruleset == of_http_request;
  if (!expect_arguments(
          line, 3, of_request ? "expects <expression> [ 'len' <length> | id <idx> ]" : "expects <expression> id <idx>"))
    return;
  if (!read_known_sample(line, draft)) return;
  const std::string word(line.take());
  if (word == "id") return read_slot_id(line, draft);
  if (!of_request) return void(line.alert(fmt::format("expects 'id', found '{}'", word)));
  if (word != "len") return void(line.alert(fmt::format("expects 'len' or 'id', found '{}'", word)));
  if (!draft.proxy.frontend)
    return void(line.alert(fmt::format("proxy '{}' has no frontend capability", draft.proxy.name)));
  const int length = wrapped_number(line.take());
  if (length <= 0) return void(line.alert("length must be > 0"));
  draft.proxy.frontend->request_captures.push_back(static_cast<uint32_t>(length));
}

void del_header(Line& line, RuleDraft&) {
  const std::string name(line.take());
  if (name.empty()) return void(line.alert("expects at least 1 argument", line.position()));
  if (line.peek() != "-m") return;
  line.take();
  const std::string_view method = line.take();
  if (method.empty()) return void(line.alert("-m flag expects exactly 1 argument", line.position()));
  constexpr std::string_view methods[] = {"str", "beg", "end", "sub", "reg"};
  if (std::find(std::begin(methods), std::end(methods), method) == std::end(methods))
    return void(line.alert(fmt::format("-m with unsupported matching method '{}'", method)));
  if (method == "reg") check_regex(line, name, "");
}

void replace_header(Line& line, RuleDraft& draft) {
  if (!expect_arguments(line, 3, "expects exactly 3 arguments")) return;
  line.take();
  if (check_regex(line, line.take(), "")) read_format(line, draft);
}

void replace_uri(Line& line, RuleDraft& draft) {
  constexpr std::string_view usage = "expects exactly 2 arguments <match-regex> and <replace-format>";
  if (!expect_arguments(line, 2, usage)) return;
  const std::string pattern(line.take()), format(line.take());
  if (!at_end(line)) return void(fail(line, usage));
  if (check_regex(line, pattern, "failed to parse the regex : ")) read_rule_format(line, format, format_of(draft));
}

void set_uri(Line& line, RuleDraft& draft) {
  constexpr std::string_view usage = "expects exactly 1 argument <format>";
  const std::string format(line.take());
  if (format.empty() || !at_end(line)) return void(fail(line, usage));
  read_rule_format(line, format, format_of(draft));
}

void deny(Line& line, RuleDraft& draft) {
  read_reply_of(line, draft, draft.word == "tarpit" ? 500 : draft.ruleset == of_http_request ? 403 : 502, true);
}

void answer(Line& line, RuleDraft& draft) { read_reply_of(line, draft, 200, false); }

void redirect(Line& line, RuleDraft& draft) {
  RuleFormat format = format_of(draft);
  format.use = "redirect format string";
  read_redirect(line, draft, format);
}

void do_resolve(Line& line, RuleDraft& draft) {
  if (read_name_question(line, draft))
    line.context().http_references.add(Kind::resolvers, draft, line, draft.rule.name.resolvers);
}

void normalize_uri(Line& line, RuleDraft&) {
  if (!line.context().model->global.expose_experimental) {
    line.report(Severity::alert,
                fmt::format("parsing [{}] : 'normalize-uri' action is experimental, must be allowed via a global "
                            "'expose-experimental-directives'",
                            line.place()));
    return;
  }
  struct Normalizer {
    std::string_view name, option;
  };
  constexpr Normalizer normalizers[] = {{"fragment-encode", ""},
                                        {"fragment-strip", ""},
                                        {"path-merge-slashes", ""},
                                        {"path-strip-dot", ""},
                                        {"path-strip-dotdot", "full"},
                                        {"percent-decode-unreserved", "strict"},
                                        {"percent-to-uppercase", "strict"},
                                        {"query-sort-by-name", ""}};
  if (line.peek().empty()) return void(fail(line, "missing argument <normalizer>"));
  const std::string name(line.take());
  const auto found = std::find_if(std::begin(normalizers), std::end(normalizers),
                                  [&](const Normalizer& each) { return each.name == name; });
  if (found == std::end(normalizers)) return void(line.alert(fmt::format("unknown normalizer '{}'", name)));
  if (found->option.empty() || at_end(line)) return;
  if (const std::string option(line.take()); option != found->option)
    line.alert(fmt::format("unknown argument '{}' for '{}' normalizer", option, name));
}

void ot_group(Line& line, RuleDraft& draft) {
  std::string filter, group;
  if (read_two_names(line, filter, group, "expects: <filter-id> <group-id> [{ if | unless } ...]"))
    line.context().http_references.add(Kind::tracing, draft, line, filter, group);
}

void send_spoe_group(Line& line, RuleDraft& draft) {
  std::string engine, group;
  if (read_two_names(line, engine, group, "expects 2 arguments: <engine-id> <group-id>"))
    line.context().http_references.add(Kind::agent, draft, line, engine, group);
}

void set_status(Line& line, RuleDraft&) {
  const std::string word(line.take());
  if (word.empty())
    return void(line.alert("expects 1 argument: <status>; or 3 arguments: <status> reason <fmt>", line.position()));
  char* end = nullptr;
  const long status = std::strtol(word.c_str(), &end, 10);
  if (*end || status < 100 || status > 999)
    return void(line.alert("expects an integer status code between 100 and 999"));
  if (line.peek() == "reason" && !line.word(line.position() + 1).empty()) line.seek(line.position() + 2);
}

void set_timeout(Line& line, RuleDraft& draft) {
  if (!expect_arguments(line, 2, "expects exactly 2 arguments")) return;
  if (!draft.proxy.backend)
    return void(line.alert(fmt::format("proxy '{}' has no backend capability", draft.proxy.name)));
  const std::string name(line.take());
  if (name != "server" && name != "tunnel")
    return void(line.alert(fmt::format("'set-timeout' rule supports 'server'/'tunnel' (got '{}')", name)));
  sample::ExpressionReader reader(line.context().library());
  if (reader.begin(line.peek())) {
    draft.rule.expression = read_expression(line, "ACL");
    return;
  }
  const std::string word(line.take());
  const auto reading = read_duration(line, word, std::chrono::milliseconds(1));
  using Outcome = base::DurationReading::Outcome;
  if (reading.outcome == Outcome::bad_character)
    line.alert(fmt::format("unexpected character '{}' in rule 'set-timeout {}'", word[reading.bad_at], name));
  else if (reading.outcome == Outcome::overflow)
    line.alert(
        fmt::format("timer overflow in argument '{}' to rule 'set-timeout {}' (maximum value is 2147483647 ms "
                    "or ~24.8 days)",
                    word, name));
  else if (reading.outcome == Outcome::ok && reading.value.count() == 0)
    line.alert(fmt::format("null value is not valid for a 'set-timeout {}' rule", name));
}

void strict_mode(Line& line, RuleDraft&) {
  const std::string word(line.take());
  if (word.empty()) return void(line.alert("expects exactly 1 arguments", line.position()));
  if (word != "on" && word != "off")
    line.alert(fmt::format("Unexpected value '{}'. Only 'on' and 'off' are supported", word));
}

void wait_for_body(Line& line, RuleDraft&) {
  bool timed = false;
  while (line.peek() == "time" || line.peek() == "at-least") {
    const std::string word(line.take());
    if (line.peek().empty()) return void(fail(line, fmt::format("missing argument for '{}'", word)));
    const std::string value(line.take());
    if (word == "at-least") {
      uint32_t size = 0;
      const size_t end = parse_size(value, size);
      if (end < value.size()) return void(line.alert(fmt::format("unexpected character '{}'", value[end])));
      continue;
    }
    timed = true;
    const auto reading = read_duration(line, value, std::chrono::milliseconds(1));
    using Outcome = base::DurationReading::Outcome;
    if (reading.outcome == Outcome::bad_character)
      return void(line.alert(fmt::format("unexpected character '{}'", value[reading.bad_at])));
    if (reading.outcome == Outcome::overflow)
      return void(line.alert("time overflow (maximum value is 2147483647 ms or ~24.8 days)"));
  }
  if (!timed) fail(line, "expects time <time> [ at-least <bytes> ]");
}

/// Carried out, and so its condition must be one that can be asked.
void use_service(Line& line, RuleDraft& draft) {
  model::ServiceRule rule;
  rule.where = line.where(0);
  const std::string service(line.take());
  if (service.empty()) return void(line.alert("'use-service' expects a service name."));
  if (service != "prometheus-exporter") return void(line.alert(fmt::format("'{}' unknown service name.", service)));
  if (line.peek() == "if" || line.peek() == "unless") {
    line.introduce({});
    rule.condition =
        read_page_condition(line, {"error detected while parsing an 'http-request use-service' condition : ", "."});
    if (!rule.condition) return;
  } else if (!line.peek().empty()) {
    return;
  }
  draft.rule.condition = rule.condition;
  draft.proxy.services.push_back(std::move(rule));
}

}  // namespace http_actions
}  // namespace ddbproxy::config
