// What a client of the master's API writes, taken apart.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

namespace ddbproxy::app {

/// One command and whom it is for.
struct Addressed {
  std::string_view prefix;   ///< "@1", "@!4711"; empty: nobody is named
  std::string_view command;  ///< without blanks around it
};
Addressed address_of(std::string_view command);

/// The rights and modes of a client of the master's API; whoever carries its commands out is told of them.
struct MasterClient {
  model::CliLevel level = model::CliLevel::admin;
  bool prompt = false, expert = false, experimental = false, debug = false;

  /// What is said before a command, each line answered with nothing when it is granted.
  std::string preamble(bool to_master) const;
  /// "master> ", "4711(xe)> ": for the process that commands go to.
  std::string prompt_of(std::string_view name) const;
};

}  // namespace ddbproxy::app
