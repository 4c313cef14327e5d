// Reads the rules on messages: http-request, http-response, http-after-response (manual 4.2).
#pragma once

#include "config/rule_reader.h"

namespace ddbproxy::config {

/// From the action on. What is not carried out is kept as a word that mode http refuses.
void read_http_rule(Line& line, model::Proxy& proxy, Rulesets ruleset);

/// Says which actions may stand instead of the next word: "'http-request' expects ...".
void expect_http_action(Line& line, Rulesets ruleset);

/// What stands behind an action: a condition, or nothing. Reports anything else and returns false then.
/// `name`: "http-request deny".
bool read_http_condition(Line& line, std::string_view name, model::Condition& condition);

/// "error detected in frontend 'f' while parsing 'http-request deny' rule : ", for Line::introduce().
std::string http_rule_introduction(const Line& line, const model::Proxy& proxy, std::string_view name);

}  // namespace ddbproxy::config
