// Rows of the section "global" that change what the lines behind them mean: the variables that are known (setenv,
// presetenv, unsetenv, resetenv) and where relative paths begin (default-path) (manual 3.1).
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>

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

void default_path(Line& line, Global&) {
  using Mode = BaseFolder::Mode;
  constexpr std::pair<std::string_view, Mode> modes[] = {
      {"current", Mode::current}, {"config", Mode::config}, {"parent", Mode::parent}, {"origin", Mode::origin}};
  const std::string_view word = line.take();
  const auto mode =
      std::find_if(std::begin(modes), std::end(modes), [&](const auto& each) { return each.first == word; });
  if (mode == std::end(modes)) {
    line.alert(
        fmt::format("{} default-path mode '{}' for 'default-path', supported modes include 'current', 'config', "
                    "'parent', and 'origin'.",
                    word.empty() ? "missing" : "unsupported", word));
    return;
  }
  std::string origin;
  if (mode->second == Mode::origin) {
    origin = line.take();
    if (origin.empty()) return void(line.alert("'default-path origin' expects a directory as an argument."));
    std::error_code failure;
    if (!std::filesystem::is_directory(origin, failure)) {
      const int reason = failure ? failure.value() : ENOTDIR;
      line.alert(
          fmt::format("couldn't set 'default-path' to origin '{}': Impossible to get back to directory '{}': {}.",
                      origin, std::filesystem::current_path(failure).string(), std::strerror(reason)));
      return;
    }
  }
  line.context().base_folder.set(mode->second, origin);
}

constexpr Keyword<Global> rows[] = {
    {.name = "default-path",
     .syntax = "{current|config|parent|origin <path>}",
     .sections = global,
     .parse = default_path,
     .doc = "What relative paths begin at."},
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
