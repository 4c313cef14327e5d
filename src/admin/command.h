// A command of the runtime API: one row of one table (manual: management guide 9.3).
#pragma once

#include <span>
#include <string_view>

#include <ddbproxy/model.h>

#include "admin/answer.h"
#include "admin/client.h"
#include "admin/services.h"

namespace ddbproxy::admin {

/// One command line to be carried out.
struct Call {
  std::span<const std::string> words;  ///< The command's own words first.
  std::string_view payload;            ///< What followed `<<`; empty without.
  Client& client;
  Runtime& runtime;

  /// Word `index` of the line, from 0; empty when there is none, as haproxy has it.
  const std::string& word(size_t index) const;
  bool has(size_t index) const { return index < words.size(); }
  /// The client has this level or a higher one.
  bool may(model::CliLevel level) const { return client.level >= level; }
};

/// Carries a command out, on the control thread.
using Run = Answer (*)(Call& call);

/// Who is told of a command.
enum class Audience : uint8_t {
  everyone,
  expert,        ///< needs `expert-mode on`
  experimental,  ///< needs `experimental-mode on`
  hidden,        ///< works, but `help` does not list it
  master,        ///< only on the master's socket
};

struct Command {
  std::string_view words;  ///< "show stat"
  std::string_view usage;  ///< With its arguments, as `help` shows it.
  std::string_view help;
  model::CliLevel level = model::CliLevel::user;
  Run run = nullptr;  ///< null: known to haproxy 2.6, answered with "not supported by ddbproxy yet"
  Audience audience = Audience::everyone;
  bool on_master = false;  ///< Also on the master's socket; the others only with `mcli-debug-mode on`.
};

/// How far a line's words go along with a command's.
struct CommonWords {
  size_t count = 0;
  std::string_view rest;  ///< Of the command's words.
};
CommonWords common_words(const Command& command, std::span<const std::string> words);

/// Every command, in the order in which `help` lists them.
std::span<const Command> commands();
/// The command that the line begins with; null when there is none for this client.
const Command* find_command(std::span<const std::string> words, const Client& client);
/// What a command says whose subject haproxy 2.6 knows and ddbproxy does not.
Answer not_supported(std::string_view words);
Answer permission_denied();
/// May be told of it now: false for expert commands outside expert mode, for example.
bool visible(const Command& command, const Client& client);

/// Finds the command, holds its level against the client's and carries it out; unknown words get a list of close ones.
Answer execute(Call& call);

}  // namespace ddbproxy::admin
