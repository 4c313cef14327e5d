// Which commands somebody may have meant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "admin/command.h"

namespace ddbproxy::admin {

/// Indices into commands() of the commands that `help`, or an unknown line, is answered with, in their order: those
/// that begin with the same words, or else those whose words look most alike. All of them for no words.
std::vector<size_t> closest_commands(const Client& client, std::span<const std::string> words);

/// The layout of haproxy 2.6: two blanks, the usage over forty columns, a colon.
std::string help_line(const Command& command);

}  // namespace ddbproxy::admin
