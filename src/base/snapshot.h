// One writer publishes an immutable value; each reader keeps its own reference and compares one integer.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace ddbproxy::base {

/// The writer's side. publish() is called by one thread; readers go through a Snapshot each.
template <class T>
class Published {
 public:
  explicit Published(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  void publish(std::shared_ptr<const T> value) {
    std::lock_guard lock(mutex_);
    value_ = std::move(value);
    generation_.fetch_add(1, std::memory_order_release);
  }
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  /// The value and the generation it belongs to, under the lock.
  std::shared_ptr<const T> get(uint64_t* generation = nullptr) const {
    std::lock_guard lock(mutex_);
    if (generation) *generation = generation_.load(std::memory_order_relaxed);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<uint64_t> generation_{1};
};

/// A reader's side: lives on one thread. get() takes the lock only after a publish().
template <class T>
class Snapshot {
 public:
  const T& get(const Published<T>& source) {
    if (source.generation() != generation_) value_ = source.get(&generation_);
    return *value_;
  }

 private:
  std::shared_ptr<const T> value_;
  uint64_t generation_ = 0;
};

}  // namespace ddbproxy::base
