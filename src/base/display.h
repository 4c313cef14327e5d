// How text looks on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ddbproxy::base {

/// Takes the first character off `text`, as UTF-8; a byte that begins none stands for itself, with 0xDC00 added.
char32_t take_character(std::string_view& text);

/// How many columns the text takes as displayed() shows it: most characters take one, those of East Asia two.
size_t display_width(std::string_view text);

/// The text for a terminal: a tab is one blank, and whatever is no character to be shown is a question mark.
std::string displayed(std::string_view text);

}  // namespace ddbproxy::base
