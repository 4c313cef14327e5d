// Variables of the process that the section "global" sets (manual 3.1 "set-var", "set-var-fmt").
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/library.h"
#include "config/log_format_reader.h"
#include "config/tables.h"
#include "sample/variable.h"

namespace ddbproxy::config {
namespace {

using model::Global;

constexpr sample::Places while_reading = sample::at(sample::Place::configuration);

/// The variable of a line, whose text is `what`; false after a report.
bool read_process_variable(Line& line, std::string_view keyword, std::string_view what,
                           model::ProcessVariable& setting) {
  for (size_t i = 0; i < line.size(); ++i) setting.text.append(setting.text.empty() ? "" : " ").append(line.word(i));
  const std::string name(line.take());
  if (name.empty() || line.peek().empty())
    return line.alert(
               fmt::format("'{}' requires a process-wide variable name ('proc.<name>') and a {}.", keyword, what)),
           false;
  std::string error;
  setting.variable = line.context().library().variable(name, error);
  if (!setting.variable) return line.alert(error), false;
  if (setting.variable->scope != sample::Scope::process)
    return line.alert(fmt::format(
               "'{}': cannot set variable '{}', only scope 'proc' is permitted in the global section.", keyword, name)),
           false;
  return true;
}

void set_var(Line& line, Global& global) {
  model::ProcessVariable setting;
  if (!read_process_variable(line, "set-var", "sample expression", setting)) return;
  const std::string name(line.word(line.position() - 1));
  setting.expression = read_expression(line, "configuration expression");
  if (!setting.expression) return;
  const std::string problem = unavailable(*setting.expression, while_reading, fmt::format("set-var({})", name));
  if (!problem.empty()) return void(line.alert(problem));
  if (refuse_unanswered(line, *setting.expression)) return;
  global.variables.push_back(std::move(setting));
}

void set_var_fmt(Line& line, Global& global) {
  model::ProcessVariable setting;
  if (!read_process_variable(line, "set-var-fmt", "format string", setting)) return;
  setting.format = read_rule_format(line, line.take(), {.places = while_reading, .use = "configuration expression"});
  if (setting.format) global.variables.push_back(std::move(setting));
}

constexpr Keyword<Global> rows[] = {
    {.name = "set-var",
     .syntax = "<name> <sample>",
     .sections = in_global,
     .parse = set_var,
     .doc = "Sets a variable of the process."},
    {.name = "set-var-fmt",
     .syntax = "<name> <format>",
     .sections = in_global,
     .parse = set_var_fmt,
     .doc = "Sets a variable of the process by a log format."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Global> process_variable_table{"global", rows};

}  // namespace ddbproxy::config
