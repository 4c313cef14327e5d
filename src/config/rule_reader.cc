#include "config/rule_reader.h"

#include <algorithm>
#include <bit>
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
    if (row.rulesets & draft.ruleset) suggestion.consider(row.name);
  const std::string_view meant = suggestion.best();
  line.alert(fmt::format("'{}' expects {} in {} (got '{}').{}", name_of(draft.ruleset),
                         known_actions[std::countr_zero<unsigned>(draft.ruleset)], section_in_words(line, draft.proxy),
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

std::string_view name_of(Rulesets ruleset) {
  constexpr std::string_view names[] = {"tcp-request connection", "tcp-request session", "tcp-request content",
                                        "tcp-response content",   "http-request",        "http-response",
                                        "http-after-response"};
  return names[std::countr_zero<unsigned>(ruleset)];
}

std::string section_in_words(const Line& line, const Proxy& proxy) {
  if (line.context().section == in_defaults) return "defaults section";
  return fmt::format("{} '{}'", proxy.kind(), proxy.name);
}

sample::Place place_of(const RuleDraft& draft) {
  using sample::Place;
  const bool of_frontend = draft.proxy.frontend.has_value();
  switch (draft.ruleset) {
    case of_connection: return Place::connection;
    case of_session: return Place::session;
    case of_request: return of_frontend ? Place::frontend_request : Place::backend_request;
    case of_http_request: return of_frontend ? Place::frontend_request_head : Place::backend_request_head;
    // A section that is both has its responses judged as its backend does.
    case of_http_response:
    case of_http_after_response:
      return draft.proxy.backend ? Place::backend_response_head : Place::frontend_response_head;
    default: return Place::backend_response;
  }
}

sample::Places places_of(const RuleDraft& draft) {
  using sample::at;
  using sample::Place;
  const auto both = [&](Place of_frontend, Place of_backend) {
    return (draft.proxy.frontend ? at(of_frontend) : 0) | (draft.proxy.backend ? at(of_backend) : 0);
  };
  switch (draft.ruleset) {
    case of_request: return both(Place::frontend_request, Place::backend_request);
    case of_http_request: return both(Place::frontend_request_head, Place::backend_request_head);
    case of_http_response:
    case of_http_after_response: return both(Place::frontend_response_head, Place::backend_response_head);
    default: return at(place_of(draft));
  }
}

Support support_of(const Keyword<RuleDraft>& row, Rulesets ruleset) {
  const bool answers = ruleset == of_http_request && row.name == "use-service";
  return ruleset & of_http && !answers ? Support::planned : row.support;
}

const Keyword<RuleDraft>* find_action(std::string_view word, Rulesets ruleset) {
  const std::string_view name = word.substr(0, word.find('('));
  const Keyword<RuleDraft>* longest = nullptr;
  for (const auto* table : {&action_table, &http_action_table})
    for (const auto& row : table->rows) {
      // Some say themselves why they may not stand here.
      const bool judges = row.misplaced == Misplaced::read && (ruleset & of_requests);
      if (!((row.rulesets & ruleset) || judges)) continue;
      if (row.name == name) return row.bracketed || name == word ? &row : nullptr;
      // "track-sc0" and "set-varx(...)" begin with an action's name, and are its to judge.
      if (row.bracketed && name.starts_with(row.name) && (!longest || row.name.size() > longest->name.size()))
        longest = &row;
    }
  return longest;
}

void read_rule(Line& line, Proxy& proxy, Ruleset ruleset, model::Rules& rules) {
  RuleDraft draft{proxy, bit_of(ruleset)};
  draft.word = line.take();
  draft.rule.where = line.where(line.position() - 1);
  const auto* row = find_action(draft.word, draft.ruleset);
  if (!row) return unknown_action(line, draft);
  const size_t at = line.position() - 1;
  const size_t before = line.context().diagnostics.all().size();
  if (row->parse) row->parse(line, draft);
  if (has_error_since(line.context().diagnostics, before)) return;
  const bool planned = row->support == Support::planned;
  if ((!planned || row->parse) && !read_end(line, draft)) return;
  if (planned)
    return void(
        line.alert(fmt::format("'{} {}' is not supported by ddbproxy yet.", name_of(draft.ruleset), row->name), at));
  if (draft.rule.condition)
    warn_of_conflicts(line, *draft.rule.condition, place_of(draft), fmt::format(" in '{}'", name_of(draft.ruleset)),
                      places_of(draft));
  rules.push_back(std::move(draft.rule));
}

}  // namespace ddbproxy::config
