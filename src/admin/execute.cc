// Carries a command line out: finds its row, holds its level, answers unknown words with close ones.
#include <algorithm>
#include <fmt/format.h>

#include "admin/closest_commands.h"
#include "admin/command.h"

namespace ddbproxy::admin {
namespace {

/// Has this row on the socket that the client came to.
bool known(const Command& command, const Client& client) {
  if (!client.master) return command.audience != Audience::master;
  return command.on_master || client.master_debug || command.audience == Audience::master;
}

Answer unknown(Call& call) {
  std::string text = call.words.empty() ? "Unknown command. Please enter one of the following commands only:\n"
                                        : "Unknown command, but maybe one of the following ones is a better match:\n";
  for (size_t index : closest_commands(call.client, call.words)) text += help_line(commands()[index]);
  return Answer::info(std::move(text));
}

}  // namespace

const std::string& Call::word(size_t index) const {
  static const std::string none;
  return has(index) ? words[index] : none;
}

CommonWords common_words(const Command& command, std::span<const std::string> words) {
  CommonWords common{0, command.words};
  while (!common.rest.empty() && common.count < words.size()) {
    const std::string_view word = common.rest.substr(0, common.rest.find(' '));
    if (word != words[common.count]) break;
    common.rest.remove_prefix(std::min(word.size() + 1, common.rest.size()));
    ++common.count;
  }
  return common;
}

const Command* find_command(std::span<const std::string> words, const Client& client) {
  for (const Command& command : commands())
    if (known(command, client) && (command.run || command.audience != Audience::master) &&
        common_words(command, words).rest.empty())
      return &command;
  return nullptr;
}

Answer not_supported(std::string_view words) {
  return Answer::error(fmt::format("'{}' is not supported by ddbproxy yet.\n", words));
}

Answer permission_denied() { return Answer::error("Permission denied\n"); }

bool visible(const Command& command, const Client& client) {
  if (!known(command, client)) return false;
  switch (command.audience) {
    case Audience::everyone: return true;
    case Audience::expert: return client.expert;
    case Audience::experimental: return client.experimental;
    case Audience::hidden: return false;
    case Audience::master: return !command.usage.empty();
  }
  return false;
}

Answer execute(Call& call) {
  const Command* command = find_command(call.words, call.client);
  if (!command) return unknown(call);
  if (command->audience == Audience::expert && !call.client.expert)
    return Answer::error("This command is restricted to expert mode only.\n");
  if (command->audience == Audience::experimental && !call.client.experimental)
    return Answer::error("This command is restricted to experimental mode only.\n");
  if (!call.may(command->level)) return permission_denied();
  if (!command->run) return not_supported(command->words);
  return command->run(call);
}

}  // namespace ddbproxy::admin
