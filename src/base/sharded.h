// Counters that each thread keeps for itself and a reader adds up.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/thread_slot.h"

namespace ddbproxy::base {

/// A number with one writing thread and any number of readers: no locked instruction, no torn read.
class Counter {
 public:
  void add(uint64_t n = 1) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  uint64_t get() const { return value_.load(std::memory_order_relaxed); }
  /// Only while the writing thread does not add, or where a lost addition is of no account (`clear counters`).
  void reset() { value_.store(0, std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

/// The largest value seen; any thread may raise it.
class Maximum {
 public:
  void raise(uint64_t n) {
    uint64_t seen = value_.load(std::memory_order_relaxed);
    while (n > seen && !value_.compare_exchange_weak(seen, n, std::memory_order_relaxed)) {
    }
  }
  uint64_t get() const { return value_.load(std::memory_order_relaxed); }
  void set(uint64_t n) { value_.store(n, std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

/// One T on cache lines of its own for each thread (see thread_slot.h). T is a struct of Counters.
template <class T>
class Sharded {
 public:
  Sharded() : slots_(new Slot[workers() + 1]), count_(workers() + 1) {}

  /// The calling thread's own T.
  T& local() { return slots_[thread_slot()].value; }
  /// The T of the thread with this slot.
  T& of(int slot) { return slots_[slot].value; }
  /// The sum of one counter over all threads.
  uint64_t sum(Counter T::*member) const {
    uint64_t total = 0;
    for (int i = 0; i < count_; ++i) total += (slots_[i].value.*member).get();
    return total;
  }
  template <class F>
  void for_each(F&& f) {
    for (int i = 0; i < count_; ++i) f(slots_[i].value);
  }

 private:
  struct alignas(64) Slot {
    T value;
  };
  std::unique_ptr<Slot[]> slots_;
  int count_;
};

}  // namespace ddbproxy::base
