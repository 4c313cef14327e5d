#include "config/excerpt.h"

#include <fmt/format.h>

namespace ddbproxy::config {
namespace {

constexpr size_t width = 80;               // of a line that is shown from its beginning
constexpr size_t before = 37, after = 37;  // shown around an error further to the right

char printable(char c) {
  if (c == ' ' || (c >= '\t' && c <= '\r')) return ' ';
  return c > ' ' && c < 0x7f ? c : '?';
}

}  // namespace

std::string excerpt(std::string_view text, size_t at) {
  const size_t indent = std::min(text.find_first_not_of(" \t\n\v\f\r"), at);
  text.remove_prefix(indent);
  at -= indent;
  std::string shown;
  if (at < width) {
    shown = text.substr(0, width);
  } else {
    shown = fmt::format("...{}...", text.substr(at - before, before + after));
    at = before + 3;
  }
  for (char& c : shown) c = printable(c);
  return fmt::format("  {}\n  {:>{}}", shown, "^", at + 1);
}

}  // namespace ddbproxy::config
