#include "base/duration.h"

#include <cstdint>

namespace ddbproxy::base {

DurationReading parse_duration(std::string_view text, std::chrono::microseconds unit) {
  using Outcome = DurationReading::Outcome;
  uint64_t number = 0;
  size_t i = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    number = number * 10 + static_cast<uint64_t>(text[i] - '0');
    if (number > uint64_t{1} << 40) return {Outcome::overflow, {}, i};
  }
  if (i == 0) return {Outcome::bad_character, {}, 0};
  const std::string_view suffix = text.substr(i);
  uint64_t scale = 0;
  if (suffix.empty())
    scale = static_cast<uint64_t>(unit.count());
  else if (suffix == "us")
    scale = 1;
  else if (suffix == "ms")
    scale = 1000;
  else if (suffix == "s")
    scale = 1000 * 1000;
  else if (suffix == "m")
    scale = 60ull * 1000 * 1000;
  else if (suffix == "h")
    scale = 3600ull * 1000 * 1000;
  else if (suffix == "d")
    scale = 86400ull * 1000 * 1000;
  else {
    const bool known = std::string_view("usmhd").find(suffix[0]) != std::string_view::npos;
    return {Outcome::bad_character, {}, known ? i + 1 : i};
  }
  if (number > UINT64_MAX / scale / 2) return {Outcome::overflow, {}, i};
  const auto value = std::chrono::microseconds(number * scale);
  if (value / unit > INT32_MAX) return {Outcome::overflow, {}, i};
  if (number > 0 && value < unit) return {Outcome::underflow, {}, i};
  return {Outcome::ok, value, 0};
}

std::string format_duration(std::chrono::milliseconds value) {
  const int64_t ms = value.count();
  if (ms == 0 || ms % 1000) return std::to_string(ms) + "ms";
  if (ms % 86'400'000 == 0) return std::to_string(ms / 86'400'000) + "d";
  if (ms % 3'600'000 == 0) return std::to_string(ms / 3'600'000) + "h";
  if (ms % 60'000 == 0) return std::to_string(ms / 60'000) + "m";
  return std::to_string(ms / 1000) + "s";
}

}  // namespace ddbproxy::base
