#include "config/rule_reader.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/dispatch.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Rule;
using model::Ruleset;

/// The actions in haproxy's own order, for its list of them.
constexpr std::string_view known_actions[] = {
    "'accept', 'reject', 'capture', 'expect-proxy', 'expect-netscaler-cip', 'track-sc0' ... 'track-sc2', "
    "'sc-inc-gpc(*)', 'sc-inc-gpc0(*)', 'sc-inc-gpc1(*)', 'sc-set-gpt(*)', 'sc-set-gpt0(*)', 'set-var-fmt(*)', "
    "'set-var(*)', 'unset-var(*)', 'set-dst', 'set-dst-port', 'set-mark', 'set-src', 'set-src-port', 'set-tos', "
    "'silent-drop'",
    "'accept', 'reject', 'capture', 'expect-proxy', 'expect-netscaler-cip', 'track-sc0' ... 'track-sc2', "
    "'sc-inc-gpc(*)', 'sc-inc-gpc0(*)', 'sc-inc-gpc1(*)', 'sc-set-gpt(*)', 'sc-set-gpt0(*)', 'set-var-fmt(*)', "
    "'set-var(*)', 'unset-var(*)', 'set-dst', 'set-dst-port', 'set-mark', 'set-src', 'set-src-port', 'set-tos', "
    "'silent-drop'",
    "'accept', 'reject', 'capture', 'expect-proxy', 'expect-netscaler-cip', 'track-sc0' ... 'track-sc2', 'ot-group', "
    "'set-log-level', 'set-nice', 'switch-mode', 'use-service', 'sc-inc-gpc(*)', 'sc-inc-gpc0(*)', 'sc-inc-gpc1(*)', "
    "'sc-set-gpt(*)', 'sc-set-gpt0(*)', 'send-spoe-group', 'do-resolve(*)', 'set-var-fmt(*)', 'set-var(*)', "
    "'unset-var(*)', 'set-src', 'set-src-port', 'set-dst', 'set-dst-port', 'set-mark', 'set-tos', 'silent-drop', "
    "'set-priority-class', 'set-priority-offset'",
    "'accept', 'close', 'reject', 'ot-group', 'set-log-level', 'set-nice', 'sc-inc-gpc(*)', 'sc-inc-gpc0(*)', "
    "'sc-inc-gpc1(*)', 'sc-set-gpt(*)', 'sc-set-gpt0(*)', 'send-spoe-group', 'set-var-fmt(*)', 'set-var(*)', "
    "'unset-var(*)', 'set-mark', 'set-tos', 'silent-drop'"};

void unknown_action(Line& line, const RuleDraft& draft) {
  Suggestion suggestion(draft.word.substr(0, draft.word.find('(')));
  for (const auto& row : action_table.rows)
    if (row.rulesets & (1 << static_cast<int>(draft.ruleset))) suggestion.consider(row.name);
  const std::string_view meant = suggestion.best();
  line.alert(fmt::format("'{}' expects {} in {} (got '{}').{}", name_of(draft.ruleset),
                         known_actions[static_cast<int>(draft.ruleset)], section_in_words(line, draft.proxy),
                         draft.word, meant.empty() ? "" : fmt::format(" Did you mean '{}' maybe ?", meant)),
             line.position() - 1)
      .suggestion = meant;
}

/// What stands behind the action: a condition, or nothing.
bool read_end(Line& line, RuleDraft& draft) {
  const std::string rule = fmt::format("{} {}", name_of(draft.ruleset), draft.word);
  const std::string section = section_in_words(line, draft.proxy);
  if (line.peek() == "if" || line.peek() == "unless") {
    const std::string word(line.peek());
    draft.rule.condition = read_condition(
        line, {fmt::format("'{}' : error detected in {} while parsing '{}' condition : ", rule, section, word), ""});
    return draft.rule.condition != nullptr;
  }
  if (line.peek().empty()) return true;
  line.alert(fmt::format("'{}' only accepts 'if' or 'unless', in {} (got '{}')", rule, section, line.peek()),
             line.position());
  return false;
}

}  // namespace

std::string_view name_of(Ruleset ruleset) {
  constexpr std::string_view names[] = {"tcp-request connection", "tcp-request session", "tcp-request content",
                                        "tcp-response content"};
  return names[static_cast<int>(ruleset)];
}

std::string section_in_words(const Line& line, const Proxy& proxy) {
  if (line.context().section == in_defaults) return "defaults section";
  return fmt::format("{} '{}'", proxy.kind(), proxy.name);
}

sample::Place place_of(const RuleDraft& draft) {
  switch (draft.ruleset) {
    case Ruleset::connection: return sample::Place::connection;
    case Ruleset::session: return sample::Place::session;
    case Ruleset::request_content:
      return draft.proxy.frontend ? sample::Place::frontend_request : sample::Place::backend_request;
    case Ruleset::response_content: break;
  }
  return sample::Place::backend_response;
}

sample::Places places_of(const RuleDraft& draft) {
  using sample::at;
  if (draft.ruleset != Ruleset::request_content) return at(place_of(draft));
  return (draft.proxy.frontend ? at(sample::Place::frontend_request) : 0) |
         (draft.proxy.backend ? at(sample::Place::backend_request) : 0);
}

void read_rule(Line& line, Proxy& proxy, Ruleset ruleset, model::Rules& rules) {
  RuleDraft draft{proxy, ruleset};
  draft.word = line.take();
  draft.rule.where = line.where(line.position() - 1);
  const std::string_view name = draft.word.substr(0, draft.word.find('('));
  const auto* row = action_table.find(name);
  // "track-sc0" and "set-varx(...)" begin with an action's name, and are its to judge.
  if (!row)
    for (const auto& each : action_table.rows)
      if (each.bracketed && name.starts_with(each.name) && (!row || each.name.size() > row->name.size())) row = &each;
  const bool plain = row && !row->bracketed && name != draft.word;
  const uint8_t own = 1 << static_cast<int>(ruleset);
  // Some say themselves why they may not stand here.
  const bool judges = row && row->misplaced == Misplaced::read && (own & of_requests);
  if (!row || plain || !((row->rulesets & own) || judges)) return unknown_action(line, draft);
  const size_t at = line.position() - 1;
  const size_t before = line.context().diagnostics.all().size();
  if (row->parse) row->parse(line, draft);
  if (has_error_since(line.context().diagnostics, before)) return;
  if (row->support == Support::planned) {
    line.alert(fmt::format("'{} {}' is not supported by ddbproxy yet.", name_of(ruleset), row->name), at);
    return;
  }
  if (!read_end(line, draft)) return;
  if (draft.rule.condition)
    warn_of_conflicts(line, *draft.rule.condition, place_of(draft), fmt::format(" in '{}'", name_of(ruleset)),
                      places_of(draft));
  rules.push_back(std::move(draft.rule));
}

}  // namespace ddbproxy::config
