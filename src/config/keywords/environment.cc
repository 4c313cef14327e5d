// Rows of the section "global" that change the process's environment: setenv, presetenv, unsetenv, resetenv
// (manual 3.1).
#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;

constexpr uint8_t global = in_global;

template <bool overwrite>
void set(Line& line, Global&) {
  const std::string name(line.take()), value(line.take());
  if (name.empty() || line.position() < 3)
    line.report(Severity::alert,
                fmt::format("parsing [{}]: '{}' expects a name and a value.", line.place(), line.keyword()),
                line.position());
  else
    setenv(name.c_str(), value.c_str(), overwrite);
}

void unset(Line& line, Global&) {
  if (line.peek().empty())
    line.report(Severity::alert,
                fmt::format("parsing [{}]: 'unsetenv' expects at least one variable name.", line.place()),
                line.position());
  while (!line.done()) unsetenv(std::string(line.take()).c_str());
}

/// Drops every variable but those that are named.
void reset(Line& line, Global&) {
  std::vector<std::string> kept;
  while (!line.done()) {
    std::string name(line.take());
    if (const char* value = getenv(name.c_str())) kept.push_back(name + "=" + value);
  }
  clearenv();
  for (const std::string& entry : kept) {
    const size_t equals = entry.find('=');
    setenv(entry.substr(0, equals).c_str(), entry.c_str() + equals + 1, 1);
  }
}

constexpr Keyword<Global> rows[] = {
    {.name = "presetenv",
     .syntax = "<name> <value>",
     .sections = global,
     .parse = set<false>,
     .doc = "Sets a variable that has no value."},
    {.name = "resetenv",
     .syntax = "[<name>...]",
     .sections = global,
     .parse = reset,
     .doc = "Drops all variables but the named."},
    {.name = "setenv", .syntax = "<name> <value>", .sections = global, .parse = set<true>, .doc = "Sets a variable."},
    {.name = "unsetenv", .syntax = "<name>...", .sections = global, .parse = unset, .doc = "Drops variables."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Global> environment_table{"global", rows};

}  // namespace ddbproxy::config
