// Reads `acl` lines, the conditions behind rules and the expressions in them (manual 7).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/line.h"
#include "sample/acl.h"
#include "sample/places.h"

namespace ddbproxy::config {

/// The name is taken and the line's other words say what it stands for; reports what is wrong.
void read_acl(Line& line);

/// How a rule words what is wrong with its condition.
struct ConditionWording {
  std::string before = "error detected while parsing switching rule : ";
  std::string after = ".";
};

/// The next word must be `if` or `unless`; reads it and the rest of the line. Reports what is wrong and returns null
/// then.
std::shared_ptr<const sample::Condition> read_condition(Line& line, const ConditionWording& wording);

/// The same of a rule that nothing carries out yet: anything may be asked in it.
std::shared_ptr<const sample::Condition> judge_condition(Line& line, const ConditionWording& wording);

/// Reports an expression that nothing can evaluate yet; false otherwise.
bool refuse_unanswered(Line& line, const sample::Expression& expression);

/// Warns of ACLs that can never match at one of `places`, by the name of the first. `rule`: " in 'tcp-request
/// content'", or nothing.
void warn_of_conflicts(Line& line, const sample::Condition& condition, sample::Place place, std::string_view rule,
                       sample::Places places);

/// The same for a rule on requests for ddbproxy's own pages, where not everything can be asked yet.
std::shared_ptr<const sample::Condition> read_page_condition(Line& line, const ConditionWording& wording);

/// An expression from the next word and the converters behind it. Reports what is wrong, with `before` in front of it,
/// and returns null. `use`: see Library::refer().
std::shared_ptr<const sample::Expression> read_expression(Line& line, std::string_view use,
                                                          std::string_view before = "");
/// "fetch method 'x' extracts information from 'response buffer', none of which is available here": empty when it can
/// be known at one of `places`.
std::string unavailable(const sample::Expression& expression, sample::Places places, std::string_view name);

}  // namespace ddbproxy::config
