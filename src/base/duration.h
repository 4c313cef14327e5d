// Times as the configuration writes them: a number and a unit (manual 2.5).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ddbproxy::base {

/// What parse_duration found: a value, or at which character it stopped, or that the value is too large.
struct DurationReading {
  enum class Outcome { ok, bad_character, overflow, underflow };
  Outcome outcome = Outcome::ok;
  std::chrono::microseconds value{};
  size_t bad_at = 0;  ///< Index of the offending character.
};

/// Reads `<number>[us|ms|s|m|h|d]`; without a unit the number counts `unit`. A whole number of one unit only.
/// Overflow is a value above 2^31-1 of `unit`, underflow one that is not zero and yet less than one `unit`.
DurationReading parse_duration(std::string_view text, std::chrono::microseconds unit);

/// The shortest exact form, "1m" or "1500ms", as the configuration would write it.
std::string format_duration(std::chrono::milliseconds value);

}  // namespace ddbproxy::base
