// Events over a sliding window of a length that the caller knows.
#pragma once

#include <atomic>
#include <cstdint>

namespace ddbproxy::sticky {

/// Milliseconds of the steady clock, of which 32 bits count: compare differences.
using Tick = uint32_t;

/// Counts the events of the current period and remembers the last one, as haproxy does: a reading mixes both by how
/// much of the current period has passed. Any thread may add; of those who begin a period at once, one does.
class WindowRate {
 public:
  void add(Tick now, uint32_t period, uint32_t n) {
    Tick began = began_.load(std::memory_order_relaxed);
    const auto age = static_cast<int32_t>(now - began);
    if (period && age >= static_cast<int64_t>(period)) {
      const bool idle = age >= 2 * static_cast<int64_t>(period);
      if (began_.compare_exchange_strong(began, idle ? now : began + period, std::memory_order_relaxed)) {
        const uint32_t last = current_.exchange(0, std::memory_order_relaxed);
        previous_.store(idle ? 0 : last, std::memory_order_relaxed);
      }
    }
    current_.fetch_add(n, std::memory_order_relaxed);
  }
  uint32_t read(Tick now, uint32_t period) const {
    uint32_t current = current_.load(std::memory_order_relaxed), past = previous_.load(std::memory_order_relaxed);
    int64_t remain = static_cast<int64_t>(period) - static_cast<int32_t>(now - began_.load(std::memory_order_relaxed));
    if (!period) return 0;
    if (remain < 0) {
      past = current;
      current = 0;
      remain += period;
      if (remain < 0) return 0;
    }
    // A single event counts until its time is up.
    if (!current && past <= 1) return past;
    return static_cast<uint32_t>(uint64_t{past} * static_cast<uint64_t>(remain) / period) + current;
  }
  /// As it is kept, for somebody whose clock is another one.
  struct Parts {
    uint32_t age = 0;  ///< How long ago the current period began, in milliseconds.
    uint32_t current = 0, previous = 0;
  };
  Parts parts(Tick now) const {
    return {now - began_.load(std::memory_order_relaxed), current_.load(std::memory_order_relaxed),
            previous_.load(std::memory_order_relaxed)};
  }
  void take(Tick now, uint32_t period, Parts parts) {
    if (parts.age >= 2 * uint64_t{period}) return set(now, 0);
    began_.store(now - parts.age, std::memory_order_relaxed);
    previous_.store(parts.previous, std::memory_order_relaxed);
    current_.store(parts.current, std::memory_order_relaxed);
  }
  void set(Tick now, uint32_t n) {
    began_.store(now, std::memory_order_relaxed);
    previous_.store(0, std::memory_order_relaxed);
    current_.store(n, std::memory_order_relaxed);
  }

 private:
  std::atomic<Tick> began_{0};
  std::atomic<uint32_t> current_{0}, previous_{0};
};

}  // namespace ddbproxy::sticky
