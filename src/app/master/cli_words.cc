#include "app/master/cli_words.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ddbproxy::app {
namespace {

constexpr std::string_view blanks = " \t";

}  // namespace

Addressed address_of(std::string_view command) {
  if (command.ends_with('\r')) command.remove_suffix(1);
  command = base::trim(command);
  if (!command.starts_with('@')) return {{}, command};
  const size_t end = command.find_first_of(blanks);
  if (end == command.npos) return {command, {}};
  return {command.substr(0, end), base::trim(command.substr(end))};
}

std::string MasterClient::preamble(bool to_master) const {
  std::string text;
  if (level == model::CliLevel::user) text += "user -\n";
  if (level == model::CliLevel::operator_) text += "operator -\n";
  if (expert) text += "expert-mode on -\n";
  if (experimental) text += "experimental-mode on -\n";
  if (debug && to_master) text += "mcli-debug-mode on -\n";
  return text;
}

std::string MasterClient::prompt_of(std::string_view name) const {
  std::string modes;
  if (experimental) modes += 'x';
  if (expert) modes += 'e';
  if (debug) modes += 'd';
  return modes.empty() ? fmt::format("{}> ", name) : fmt::format("{}({})> ", name, modes);
}

}  // namespace ddbproxy::app
