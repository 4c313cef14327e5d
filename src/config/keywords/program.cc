// Lines of a `program` section: what a master runs beside its worker.
#include <fmt/format.h>

#include "config/context.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Program;

void report(Line& line, std::string_view text) {
  line.report(Severity::alert, fmt::format("parsing [{}]: {}", line.place(), text), line.position());
}

void command(Line& line, Program& program) {
  if (line.peek().empty())
    return report(line, "'command' expects a command with optional arguments separated in words.");
  program.command.clear();
  while (!line.peek().empty()) program.command.emplace_back(line.take());
}

void group(Line& line, Program& program) {
  if (line.peek().empty()) return report(line, "'group' expects a group name.");
  if (program.gid) return void(line.alert("group/gid already specified. Continuing.").tolerated = true);
  const std::string name(line.take());
  program.gid = line.context().outside.group(name);
  if (!program.gid) line.alert(fmt::format("cannot find group id for '{}' (0:Success)", name));
}

void user(Line& line, Program& program) {
  if (line.peek().empty()) return report(line, "'user' expects a user name.");
  if (program.uid) return void(line.alert("user/uid already specified. Continuing.").tolerated = true);
  const std::string name(line.take());
  program.uid = line.context().outside.user(name);
  if (!program.uid) line.alert(fmt::format("cannot find user id for '{}' (0:Success)", name));
}

void unknown_option(Line& line, Program&) {
  if (line.peek().empty())
    report(line, "'option' expects an option name.");
  else
    line.alert(fmt::format("unknown option '{}'.", line.peek()), line.position());
}

constexpr Keyword<Program> option_rows[] = {
    {.name = "start-on-reload",
     .syntax = "",
     .sections = in_program,
     .max_args = 0,
     .parse = flag<&Program::start_on_reload>,
     .doc = "A reload starts the program again, as it does by default; with `no`, only the first start does.",
     .prefixes = Prefixes::no},
};
static_assert(in_order(option_rows));
constexpr Table<Program> option_table{"program option", option_rows, unknown_option};

constexpr Keyword<Program> rows[] = {
    {.name = "command",
     .syntax = "<command> [<argument>...]",
     .sections = in_program,
     .parse = command,
     .doc = "What is run: a file, looked for in PATH, and its arguments."},
    {.name = "group",
     .syntax = "<name>",
     .sections = in_program,
     .max_args = 1,
     .parse = group,
     .doc = "The group that the program runs as."},
    {.name = "option",
     .syntax = "<option>",
     .sections = in_program,
     .doc = "How the program is started.",
     .prefixes = Prefixes::no,
     .words = &option_table},
    {.name = "user",
     .syntax = "<name>",
     .sections = in_program,
     .max_args = 1,
     .parse = user,
     .doc = "The user that the program runs as."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Program> program_table{"program", rows};

}  // namespace ddbproxy::config
