// A command of the runtime API: one row of one table (manual: management guide 9.3).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <ddbproxy/model.h>

namespace ddbproxy::admin {

class Session;

/// Runs on the control thread. Answers through session.answer(); may finish later through session.defer().
using Run = void (*)(Session& session, std::span<const std::string_view> words);

struct Command {
  std::string_view words;   ///< "show stat"
  std::string_view syntax;  ///< What follows, as `help` shows it.
  std::string_view help;
  model::CliLevel level = model::CliLevel::user;
  Run run = nullptr;  ///< null: known to haproxy 2.6, answered with "not supported by ddbproxy yet"
};

/// Every command, sorted by words.
std::span<const Command> commands();

}  // namespace ddbproxy::admin
