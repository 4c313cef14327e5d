// What may help beside haproxy's own words: the nearest of the words that a message lists, and characters that look
// like blanks, quotes or nothing at all and are none of them.
#pragma once

#include <string_view>

#include "config/context.h"
#include "config/line.h"

namespace ddbproxy::config {

/// Warns of words that have no effect although nothing was wrong: those behind an empty one, at which haproxy's readers
/// stop, and those that a '#' right behind a letter has made a comment of.
void warn_of_lost_words(const Line& line, std::string_view text);

/// Looks at the messages behind the first `before`, which are about the line whose text this is, and adds to them; a
/// blank that is none is worth a warning of its own where haproxy has said nothing.
void add_help(Context& context, size_t before, std::string_view text, Location line);

}  // namespace ddbproxy::config
