// The two clocks: a steady one for timers and a wall clock for logs. Pure code takes a `now` instead of asking.
#pragma once

#include <chrono>
#include <cstdint>

namespace ddbproxy::base {

using Milliseconds = std::chrono::milliseconds;
/// A moment of the steady clock.
using Instant = std::chrono::steady_clock::time_point;
/// A moment of the wall clock.
using WallTime = std::chrono::system_clock::time_point;

inline Instant now() { return std::chrono::steady_clock::now(); }
inline WallTime wall_now() { return std::chrono::system_clock::now(); }

/// Whole milliseconds from `from` to `to`, rounded down; negative when `to` is earlier.
inline int64_t milliseconds_between(Instant from, Instant to) {
  return std::chrono::floor<Milliseconds>(to - from).count();
}

/// Seconds since 1970.
inline int64_t unix_seconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// When this process started, by either clock.
Instant start_instant();
WallTime start_time();

}  // namespace ddbproxy::base
