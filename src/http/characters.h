// Which bytes may stand where in an HTTP message (RFC 9110, RFC 3986).
#pragma once

#include <string_view>

#include "base/text.h"

namespace ddbproxy::http {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
using base::is_token;
/// A byte of a request's target: visible ASCII; a fragment is never sent.
constexpr bool is_target(char c) { return c > ' ' && c < 0x7f && c != '#'; }
/// The value of a hexadecimal digit, or -1.
constexpr int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
/// Without blanks around it, and without the line ends of a value that goes on in further lines.
constexpr std::string_view trim_lines(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const size_t first = text.find_first_not_of(blanks);
  return first == text.npos ? text.substr(0, 0) : text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

}  // namespace ddbproxy::http
