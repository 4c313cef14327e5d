// Rows of the section "global" that change the variables that are known to the lines behind them: setenv, presetenv,
// unsetenv, resetenv (manual 3.1).
#include <fmt/format.h>

#include "config/context.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;

constexpr uint8_t global = in_global;

void say_invalid(Line& line, std::string_view name, size_t index) {
  line.report(
      Severity::alert,
      fmt::format("parsing [{}]: '{}' failed on variable '{}' : Invalid argument.", line.place(), line.keyword(), name),
      index);
}

template <bool (Environment::*change)(std::string_view name, std::string_view value)>
void set(Line& line, Global&) {
  const std::string_view name = line.take(), value = line.take();
  if (value.empty())
    line.report(Severity::alert,
                fmt::format("parsing [{}]: '{}' expects a name and a value.", line.place(), line.keyword()),
                line.position());
  else if (!(line.context().environment().*change)(name, value))
    say_invalid(line, name, 1);
}

void unset(Line& line, Global&) {
  if (line.peek().empty())
    line.report(Severity::alert,
                fmt::format("parsing [{}]: 'unsetenv' expects at least one variable name.", line.place()),
                line.position());
  while (!line.peek().empty())
    if (const std::string_view name = line.take(); !line.context().environment().unset(name))
      return say_invalid(line, name, line.position() - 1);
}

/// Drops every variable but those that are named.
void reset(Line& line, Global&) {
  std::vector<std::string> kept;
  while (!line.peek().empty()) kept.emplace_back(line.take());
  line.context().environment().keep_only(kept);
}

constexpr Keyword<Global> rows[] = {
    {.name = "presetenv",
     .syntax = "<name> <value>",
     .sections = global,
     .parse = set<&Environment::preset>,
     .doc = "Sets a variable that has no value."},
    {.name = "resetenv",
     .syntax = "[<name>...]",
     .sections = global,
     .parse = reset,
     .doc = "Drops all variables but the named."},
    {.name = "setenv",
     .syntax = "<name> <value>",
     .sections = global,
     .parse = set<&Environment::set>,
     .doc = "Sets a variable."},
    {.name = "unsetenv", .syntax = "<name>...", .sections = global, .parse = unset, .doc = "Drops variables."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Global> environment_table{"global", rows};

}  // namespace ddbproxy::config
