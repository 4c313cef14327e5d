#include "base/display.h"

#include <algorithm>
#include <array>

namespace ddbproxy::base {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode's East Asian Width W and F, in blocks.
constexpr std::array wide{Range{0x1100, 0x115f},  Range{0x2e80, 0x303e},   Range{0x3041, 0x33ff},
                          Range{0x3400, 0x4dbf},  Range{0x4e00, 0xa4cf},   Range{0xac00, 0xd7a3},
                          Range{0xf900, 0xfaff},  Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},
                          Range{0xffe0, 0xffe6},  Range{0x1f300, 0x1f64f}, Range{0x1f900, 0x1f9ff},
                          Range{0x20000, 0x3fffd}};
// Combining marks and what only guides the layout: better seen as a question mark than not at all.
constexpr std::array invisible{Range{0x300, 0x36f},   Range{0x200b, 0x200f}, Range{0x202a, 0x202e},
                               Range{0x2060, 0x2064}, Range{0xfe00, 0xfe0f}, Range{0xfeff, 0xfeff}};

template <size_t n>
bool within(const std::array<Range, n>& ranges, char32_t character) {
  if (character < ranges.front().first) return false;
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return character >= range.first && character <= range.last; });
}

constexpr char32_t not_utf8 = 0xdc00;

/// Whether a terminal shows it as it is.
bool is_shown(char32_t character) {
  const bool control = character < ' ' || (character >= 0x7f && character < 0xa0);
  const bool no_character = character >= not_utf8 && character < not_utf8 + 0x100;
  return !control && !no_character && !within(invisible, character);
}

}  // namespace

char32_t take_character(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  const size_t length = (first & 0xe0) == 0xc0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : (first & 0xf8) == 0xf0 ? 4 : 0;
  char32_t character = first & (0x7fU >> length);
  bool whole = length > 0 && length <= text.size();
  for (size_t i = 1; whole && i < length; ++i) {
    whole = (byte(i) & 0xc0) == 0x80;
    character = character << 6 | (byte(i) & 0x3fU);
  }
  text.remove_prefix(whole ? length : 1);
  return whole ? character : not_utf8 + first;
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) width += within(wide, take_character(text)) ? 2 : 1;
  return width;
}

std::string displayed(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t character = take_character(text);
    if (character == '\t')
      out += ' ';
    else if (is_shown(character))
      out += before.substr(0, before.size() - text.size());
    else
      out += '?';
  }
  return out;
}

}  // namespace ddbproxy::base
