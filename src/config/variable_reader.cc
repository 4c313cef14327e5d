#include "config/variable_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "config/library.h"

namespace ddbproxy::config {

using model::Rule;

namespace {

constexpr std::string_view variable_actions =
    "Expects 'set-var(<var-name>)', 'set-var-fmt(<var-name>)' or 'unset-var(<var-name>)'";

constexpr std::pair<std::string_view, Rule::VariableTest> tests[] = {
    {"ifexists", Rule::if_exists}, {"ifnotexists", Rule::if_not_exists},
    {"ifempty", Rule::if_empty},   {"ifnotempty", Rule::if_not_empty},
    {"ifset", Rule::if_set},       {"ifnotset", Rule::if_not_set},
    {"ifgt", Rule::if_gt},         {"iflt", Rule::if_lt}};

}  // namespace

bool read_variable(Library& library, std::string_view word, std::string_view action, Rule& rule, std::string& error) {
  if (word.substr(0, word.find('(')) != action || word.size() == action.size()) {
    error = fmt::format("invalid or incomplete action '{}'. {}", word, variable_actions);
    return false;
  }
  if (!word.ends_with(')')) {
    error = fmt::format("incomplete argument after action '{}'. {}", word, variable_actions);
    return false;
  }
  std::string_view inside = word.substr(action.size() + 1, word.size() - action.size() - 2);
  const size_t comma = std::min(inside.find(','), inside.size());
  rule.variable = library.variable(inside.substr(0, comma), error);
  if (!rule.variable) return false;
  inside.remove_prefix(comma);
  if (!inside.empty() && rule.action == Rule::Action::unset_var) {
    error =
        "unset-var does not expect parameters after the variable name. Only \"set-var\" and \"set-var-fmt\" manage "
        "conditions";
    return false;
  }
  while (!inside.empty()) {
    inside.remove_prefix(1);
    const size_t end = std::min(inside.find(','), inside.size());
    const std::string_view name = inside.substr(0, end);
    inside.remove_prefix(end);
    if (name.empty()) continue;
    const auto test = std::find_if(std::begin(tests), std::end(tests), [&](const auto& t) { return t.first == name; });
    if (test == std::end(tests)) {
      error = fmt::format("unknown condition \"{}\"", name);
      return false;
    }
    rule.tests |= test->second;
  }
  return true;
}

}  // namespace ddbproxy::config
