// A command of the runtime API taken apart: up to a newline or a semicolon, words between blanks (manual: management
// guide 9.3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ddbproxy::admin {

/// The longest command, its end included, as in haproxy 2.6: a buffer (16384) less its reserve (1024).
inline constexpr size_t longest_command = 15360;
/// Words beyond this number are left out.
inline constexpr size_t most_words = 64;

/// Where the command that `text` begins with ends: the index of its newline or semicolon, which a backslash hides; npos
/// when it is not whole yet.
size_t end_of_command(std::string_view text);

/// The command ends in `<<`: a payload follows, up to an empty line. Takes the two characters off.
bool take_payload_mark(std::string_view& command);

using Words = std::vector<std::string>;
/// The words of a command without its end. A backslash takes the next character literally; a zero byte ends them.
Words split_command(std::string_view command);

}  // namespace ddbproxy::admin
