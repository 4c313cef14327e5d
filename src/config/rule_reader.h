// Reads rules: an action of a table and the condition behind it (manual 4.2 "tcp-request", "http-request", ...).
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/keyword.h"
#include "sample/places.h"

namespace ddbproxy::config {

/// Rulesets that an action may stand in (a set of bits).
enum Rulesets : uint8_t {
  of_connection = 1 << static_cast<int>(model::Ruleset::connection),
  of_session = 1 << static_cast<int>(model::Ruleset::session),
  of_request = 1 << static_cast<int>(model::Ruleset::request_content),
  of_response = 1 << static_cast<int>(model::Ruleset::response_content),
  of_http_request = of_response << 1,
  of_http_response = of_http_request << 1,
  of_http_after_response = of_http_response << 1,
  of_requests = of_connection | of_session | of_request,
  of_contents = of_request | of_response,
  of_all = of_requests | of_response,
  of_http_responses = of_http_response | of_http_after_response,
  of_http = of_http_request | of_http_responses,
};

/// A ruleset as a set of itself.
constexpr Rulesets bit_of(model::Ruleset ruleset) { return static_cast<Rulesets>(1 << static_cast<int>(ruleset)); }

/// What an action's reader sees.
struct RuleDraft {
  model::Proxy& proxy;
  Rulesets ruleset;  ///< One of them.
  model::Rule rule = {};
  std::string_view word = {};  ///< The action as written, its brackets with it.

  bool of_messages() const { return ruleset & of_http; }
};

/// "tcp-request content"
std::string_view name_of(Rulesets ruleset);
/// "frontend 'f'", "backend 'b'", "defaults section"
std::string section_in_words(const Line& line, const model::Proxy& proxy);
/// Where the rules of a set run in this proxy.
sample::Places places_of(const RuleDraft& draft);
sample::Place place_of(const RuleDraft& draft);

/// One row for every action; each says in which rulesets it may stand. Those of the second only know messages.
extern const Table<RuleDraft> action_table, http_action_table;
/// Rules on messages are not carried out yet, but for the one that has ddbproxy itself answer.
Support support_of(const Keyword<RuleDraft>& row, Rulesets ruleset);
/// The row of "track-sc0", "set-var(txn.x)"; null when the ruleset has no such action.
const Keyword<RuleDraft>* find_action(std::string_view word, Rulesets ruleset);

/// Reads the action from the next word on, and its condition. The rule is added to `rules` when it is right.
void read_rule(Line& line, model::Proxy& proxy, model::Ruleset ruleset, model::Rules& rules);

}  // namespace ddbproxy::config
