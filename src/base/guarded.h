// A value that can only be reached with its mutex held.
#pragma once

#include <mutex>
#include <utility>

namespace ddbproxy::base {

/// with(f) calls f(value) under the lock and returns what f returns. Safe from any thread; not recursive.
template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  template <class F>
  decltype(auto) with(F&& f) {
    std::lock_guard lock(mutex_);
    return std::forward<F>(f)(value_);
  }
  template <class F>
  decltype(auto) with(F&& f) const {
    std::lock_guard lock(mutex_);
    return std::forward<F>(f)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace ddbproxy::base
