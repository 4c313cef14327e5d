// Small tools on text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ddbproxy::base {

/// Splits at each `separator`; empty pieces are kept, and an empty text is one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Without blanks and tabs at both ends.
std::string_view trim(std::string_view text);
/// A byte of a token of HTTP: of a method or of a header's name (RFC 9110, 5.6.2).
constexpr bool is_token(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}
bool equals_ignoring_case(std::string_view a, std::string_view b);
/// A decimal integer that fills the whole text, with an optional sign; empty when it is none or does not fit.
std::optional<long long> parse_integer(std::string_view text);
/// How many insertions, deletions, replacements and swaps of neighbours turn a into b.
int edit_distance(std::string_view a, std::string_view b);

/// The bytes that hexadecimal digits stand for, or haproxy's words why they stand for none.
Result<std::string> read_hex(std::string_view digits);

}  // namespace ddbproxy::base
