#include "config/http_rule_reader.h"

#include <bit>
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/dispatch.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

/// The actions in haproxy's own order, for its list of them.
constexpr std::string_view known_http_actions[] = {
    "'wait-for-handshake', 'ot-group', 'set-log-level', 'set-nice', 'use-service', 'sc-inc-gpc(*)', 'sc-inc-gpc0(*)', "
    "'sc-inc-gpc1(*)', 'sc-set-gpt(*)', 'sc-set-gpt0(*)', 'send-spoe-group', 'do-resolve(*)', 'cache-use', "
    "'add-acl(*)', 'add-header', 'allow', 'auth', 'capture', 'del-acl(*)', 'del-header', 'del-map(*)', 'deny', "
    "'disable-l7-retry', 'early-hint', 'normalize-uri', 'redirect', 'reject', 'replace-header', 'replace-path', "
    "'replace-pathq', 'replace-uri', 'replace-value', 'return', 'set-header', 'set-map(*)', 'set-method', 'set-path', "
    "'set-pathq', 'set-query', 'set-uri', 'strict-mode', 'tarpit', 'track-sc(*)', 'set-timeout', 'wait-for-body', "
    "'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)', 'set-dst', 'set-dst-port', 'set-mark', 'set-src', "
    "'set-src-port', 'set-tos', 'silent-drop', 'set-priority-class', 'set-priority-offset'",
    "'ot-group', 'set-log-level', 'set-nice', 'sc-inc-gpc(*)', 'sc-inc-gpc0(*)', 'sc-inc-gpc1(*)', 'sc-set-gpt(*)', "
    "'sc-set-gpt0(*)', 'send-spoe-group', 'cache-store', 'add-acl(*)', 'add-header', 'allow', 'capture', "
    "'del-acl(*)', 'del-header', 'del-map(*)', 'deny', 'redirect', 'replace-header', 'replace-value', 'return', "
    "'set-header', 'set-map(*)', 'set-status', 'strict-mode', 'track-sc(*)', 'wait-for-body', 'set-var-fmt(*)', "
    "'set-var(*)', 'unset-var(*)', 'set-mark', 'set-tos', 'silent-drop'",
    "'ot-group', 'add-header', 'allow', 'capture', 'del-header', 'replace-header', 'replace-value', 'set-header', "
    "'set-status', 'strict-mode', 'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'"};

/// haproxy calls these final: nothing behind them is reached.
bool ends_ruleset(std::string_view action) {
  constexpr std::string_view final_actions[] = {"allow", "auth", "deny", "redirect", "return", "tarpit"};
  return std::find(std::begin(final_actions), std::end(final_actions), action) != std::end(final_actions);
}

/// False after a report.
bool read_http_action(Line& line, RuleDraft& draft) {
  const std::string keyword(line.keyword());
  draft.word = line.peek();
  const auto* row = find_action(draft.word, draft.ruleset);
  if (!row) return expect_http_action(line, draft.ruleset), false;
  const size_t at = line.position();
  draft.rule.where = line.where(0);
  line.take();
  if (support_of(*row, draft.ruleset) == Support::planned) {
    line.set_keyword(fmt::format("{} {}", keyword, row->name));
    note_unsupported(line, at, draft.proxy);
  }
  const std::string name = fmt::format("{} {}", keyword, draft.word);
  const size_t before = line.context().diagnostics.all().size();
  line.introduce(http_rule_introduction(line, draft.proxy, name), ".");
  if (row->parse) row->parse(line, draft);
  line.introduce({});
  if (has_error_since(line.context().diagnostics, before)) return false;
  if (!line.done() && !read_http_condition(line, name, draft.rule.condition)) return false;
  if (ends_ruleset(row->name) && !draft.rule.condition) line.context().draft->ended_rulesets |= draft.ruleset;
  return true;
}

}  // namespace

void expect_http_action(Line& line, Rulesets ruleset) {
  const std::string_view word = line.peek(),
                         known = known_http_actions[std::countr_zero<unsigned>(ruleset / of_http_request)];
  Suggestion suggestion(word);
  // In haproxy's order, by which one of several equally near is chosen.
  for (size_t begin = 1; begin < known.size();) {
    const size_t end = known.find('\'', begin);
    const std::string_view name = known.substr(begin, end - begin);
    suggestion.consider(name.substr(0, name.find('(')));
    begin = end + std::string_view("', '").size();
  }
  const std::string_view meant = word.empty() ? "" : suggestion.best();
  line.report(Severity::alert,
              fmt::format("parsing [{}]: '{}' expects {}, but got '{}'{}{}", line.place(), name_of(ruleset), known,
                          word, word.empty() ? " (missing argument)." : ".",
                          meant.empty() ? "" : fmt::format(" Did you mean '{}' maybe ?", meant)),
              line.position())
      .suggestion = meant;
}

bool read_http_condition(Line& line, std::string_view name, model::Condition& condition) {
  if (line.peek().empty()) return true;
  if (line.peek() == "if" || line.peek() == "unless") {
    condition = judge_condition(line, {fmt::format("error detected while parsing an '{}' condition : ", name), "."});
    return condition != nullptr;
  }
  line.report(Severity::alert,
              fmt::format("parsing [{}]: '{}' expects either 'if' or 'unless' followed by a condition but found '{}'.",
                          line.place(), name, line.peek()),
              line.position());
  return false;
}

std::string http_rule_introduction(const Line& line, const Proxy& proxy, std::string_view name) {
  return fmt::format("parsing [{}] : error detected in {} '{}' while parsing '{}' rule : ", line.place(),
                     line.context().section == in_defaults ? "defaults" : proxy.kind(), proxy.name, name);
}

void read_http_rule(Line& line, Proxy& proxy, Rulesets ruleset) {
  Context& context = line.context();
  if (context.section == in_defaults && proxy.name.empty())
    return void(line.alert(fmt::format("'{}' not allowed in anonymous 'defaults' section.", line.keyword()), 0));
  RuleDraft draft{proxy, ruleset};
  if (context.draft->ended_rulesets & ruleset)
    line.report(Severity::warning,
                fmt::format("parsing [{}]: previous '{}' action is final and has no condition attached, further "
                            "entries are NOOP.",
                            line.place(), name_of(ruleset)),
                0);
  context.draft->ended_rulesets &= static_cast<uint8_t>(~ruleset);
  if (!read_http_action(line, draft)) return context.give_up();
  if (ruleset == of_http_request) context.draft->rules.add(line, RuleKind::http_request);
  if (draft.rule.condition) warn_of_conflicts(line, *draft.rule.condition, place_of(draft), "", places_of(draft));
}

}  // namespace ddbproxy::config
