// Events a second over a sliding second.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace ddbproxy::base {

/// Counts events of the current second and remembers the last one; any thread may add.
/// A reading mixes both by how much of the current second has passed, so it never jumps to zero.
class Rate {
 public:
  void add(Instant at, uint32_t n = 1) {
    const uint32_t second = second_of(at);
    uint64_t seen = state_.load(std::memory_order_relaxed);
    uint64_t next;
    do {
      next = pack(advance(unpack(seen), second), n);
    } while (!state_.compare_exchange_weak(seen, next, std::memory_order_relaxed));
  }
  /// Events in the second that ends at `at`.
  uint32_t per_second(Instant at) const { return static_cast<uint32_t>(thousandths_per_second(at) / 1000); }
  /// The same with the fraction of those that were counted in the second before, in proportion.
  uint64_t thousandths_per_second(Instant at) const {
    const Parts parts = advance(unpack(state_.load(std::memory_order_relaxed)), second_of(at));
    const auto passed = std::chrono::duration_cast<Milliseconds>(at.time_since_epoch()).count() % 1000;
    return uint64_t{parts.current} * 1000 + uint64_t{parts.previous} * static_cast<uint64_t>(1000 - passed);
  }
  void reset() { state_.store(0, std::memory_order_relaxed); }

 private:
  // 16 bits of second, 24 bits each for this second's and the last one's events (saturating).
  struct Parts {
    uint32_t second, current, previous;
  };
  static constexpr uint32_t limit = 0xffffff;
  static uint32_t second_of(Instant at) {
    return static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count()) &
           0xffff;
  }
  static Parts unpack(uint64_t state) {
    return {static_cast<uint32_t>(state >> 48), static_cast<uint32_t>(state >> 24) & limit,
            static_cast<uint32_t>(state) & limit};
  }
  static uint64_t pack(Parts parts, uint32_t added) {
    const uint32_t current = parts.current + added < limit ? parts.current + added : limit;
    return uint64_t{parts.second} << 48 | uint64_t{current} << 24 | parts.previous;
  }
  static Parts advance(Parts parts, uint32_t second) {
    if (parts.second == second) return parts;
    const bool next = ((parts.second + 1) & 0xffff) == second;
    return {second, 0, next ? parts.current : 0};
  }

  std::atomic<uint64_t> state_{0};
};

}  // namespace ddbproxy::base
