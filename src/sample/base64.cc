#include "sample/base64.h"

#include <array>
#include <cstdint>

namespace ddbproxy::sample {
namespace {

constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char url_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned char none = 0xff;

constexpr std::array<unsigned char, 256> values_of(const char* alphabet) {
  std::array<unsigned char, 256> values{};
  values.fill(none);
  for (unsigned char i = 0; i < 64; ++i) values[static_cast<unsigned char>(alphabet[i])] = i;
  return values;
}

constexpr auto values = values_of(letters);
constexpr auto url_values = [] {
  auto of = values_of(url_letters);
  of['='] = 63;  // haproxy takes it for one, at least in 2.6.
  return of;
}();

unsigned char value_of(char c, bool url) { return (url ? url_values : values)[static_cast<unsigned char>(c)]; }

}  // namespace

size_t write_base64(std::string_view bytes, char* out, bool url) {
  const char* const alphabet = url ? url_letters : letters;
  const char* const begin = out;
  size_t at = 0;
  const auto byte = [&](size_t i) { return uint32_t{static_cast<unsigned char>(bytes[i])}; };
  for (; at + 3 <= bytes.size(); at += 3) {
    const uint32_t group = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    for (int shift = 18; shift >= 0; shift -= 6) *out++ = alphabet[group >> shift & 63];
  }
  const size_t rest = bytes.size() - at;
  if (rest > 0) {
    const uint32_t group = byte(at) << 16 | (rest > 1 ? byte(at + 1) << 8 : 0);
    *out++ = alphabet[group >> 18];
    *out++ = alphabet[group >> 12 & 63];
    if (rest > 1) *out++ = alphabet[group >> 6 & 63];
    for (size_t i = rest; !url && i < 3; ++i) *out++ = '=';
  }
  return static_cast<size_t>(out - begin);
}

std::optional<size_t> read_base64(std::string_view text, char* out) {
  if (text.size() % 4 != 0) return {};
  const char* const begin = out;
  // Every group may be filled up, not only the last.
  for (size_t at = 0; at < text.size(); at += 4) {
    uint32_t group = 0;
    int filled = 0;
    for (size_t i = at; i < at + 4; ++i) {
      const unsigned char value = value_of(text[i], false);
      if (value == none && (text[i] != '=' || i == at)) return {};
      if (value != none && filled > 0) return {};
      if (value == none) ++filled;
      group = group << 6 | (value == none ? 0 : value);
    }
    for (int i = 0; i < 3 - filled; ++i) *out++ = static_cast<char>(group >> (16 - 8 * i));
  }
  return static_cast<size_t>(out - begin);
}

std::optional<size_t> read_base64url(std::string_view text, char* out) {
  if (text.size() % 4 == 1) return {};
  const char* const begin = out;
  for (size_t at = 0; at < text.size(); at += 4) {
    const size_t length = std::min<size_t>(4, text.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 4; ++i) {
      const unsigned char value = i < length ? value_of(text[at + i], true) : 0;
      if (value == none) return {};
      group = group << 6 | value;
    }
    for (size_t i = 0; i + 1 < length; ++i) *out++ = static_cast<char>(group >> (16 - 8 * i));
  }
  return static_cast<size_t>(out - begin);
}

}  // namespace ddbproxy::sample
