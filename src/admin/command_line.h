// A line of the runtime API taken apart: commands between semicolons, words between blanks (manual: management
// guide 9.3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ddbproxy::admin {

/// The longest line, its newline included, as in haproxy 2.6: a buffer (16384) less its reserve (1024).
inline constexpr size_t longest_line = 15360;
/// Words beyond this number are left out.
inline constexpr size_t most_words = 64;

/// Where the line that `text` begins with ends: the index of its newline, which a backslash hides; npos when it is not
/// whole yet.
size_t end_of_line(std::string_view text);

/// The line ends in `<<`: a payload follows, up to an empty line. Takes the two characters off.
bool take_payload_mark(std::string_view& line);

using Words = std::vector<std::string>;
/// The commands of a line without its newline. A backslash takes the next character literally; the line ends at a zero
/// byte. There is always at least one command; an empty one has no words.
std::vector<Words> split_line(std::string_view line);

}  // namespace ddbproxy::admin
