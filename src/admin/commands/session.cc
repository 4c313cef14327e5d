// What a client of the runtime API changes for itself, and `help`.
#include <fmt/format.h>

#include "admin/closest_commands.h"
#include "admin/runs.h"
#include "base/duration.h"

namespace ddbproxy::admin {
namespace {

using model::CliLevel;

Answer switch_mode(const Call& call, bool& mode) {
  if (!call.has(1)) return Answer::info(fmt::format("{} is {}\n", call.word(0), mode ? "ON" : "OFF"));
  mode = call.word(1) == "on";
  return Answer::done();
}

}  // namespace

Answer run_help(Call& call) {
  std::string text = "The following commands are valid at this level:\n";
  for (size_t index : closest_commands(call.client, call.words.subspan(1))) text += help_line(commands()[index]);
  return Answer::info(std::move(text));
}

Answer run_prompt(Call& call) {
  call.client.prompt = !call.client.prompt;
  return Answer::done();
}

Answer run_quit(Call& call) {
  call.client.leaving = true;
  return Answer::done();
}

Answer run_operator(Call& call) {
  call.client.level = CliLevel::operator_;
  return Answer::done();
}

Answer run_user(Call& call) {
  call.client.level = CliLevel::user;
  return Answer::done();
}

Answer run_expert_mode(Call& call) { return switch_mode(call, call.client.expert); }
Answer run_experimental_mode(Call& call) { return switch_mode(call, call.client.experimental); }

Answer run_set_severity_output(Call& call) {
  const std::string& output = call.word(2);
  if (output == "none")
    call.client.severity_output = SeverityOutput::none;
  else if (output == "number")
    call.client.severity_output = SeverityOutput::number;
  else if (output == "string")
    call.client.severity_output = SeverityOutput::string;
  else
    return Answer::error("one of 'none', 'number', 'string' is a required argument\n");
  return Answer::done();
}

Answer run_set_timeout(Call& call) {
  if (call.word(2) != "cli") return Answer::error("'set timeout' only supports 'cli'.\n");
  if (!call.has(3)) return Answer::error("Expects an integer value.\n");
  const auto reading = base::parse_duration(call.word(3), std::chrono::seconds(1));
  if (reading.outcome != base::DurationReading::Outcome::ok || reading.value.count() < 1)
    return Answer::error("Invalid timeout value.\n");
  call.client.timeout = std::chrono::duration_cast<base::Milliseconds>(reading.value);
  return Answer::done();
}

Answer run_show_cli_level(Call& call) { return Answer::info(fmt::format("{}\n", level_name(call.client.level))); }

}  // namespace ddbproxy::admin
