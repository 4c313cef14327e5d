// A buffer of log messages in memory: the newest, as many as fit.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace ddbproxy::log {

/// Safe from any thread. Who reads has a position of its own; what was overwritten meanwhile it does not get.
class Ring {
 public:
  /// Where in all that was ever written.
  using Position = uint64_t;

  /// `size` in bytes, 1 and more. A message takes two beside its own, so that as many fit as in haproxy.
  Ring(std::string name, size_t size);
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  const std::string& name() const { return name_; }
  size_t size() const;
  /// What fits goes on in a buffer of another size.
  void resize(size_t size);

  /// False: it is too long for the whole buffer.
  bool append(std::string_view message);
  Position oldest() const;
  /// Behind all messages.
  Position newest() const;
  /// Appends the message at `at`, or the oldest behind it that is there, to `out`, and moves on; false: there is none.
  bool read(Position& at, std::string& out) const;

  /// Called after each message, on the thread that has written it; at most one. Must outlive the ring's writers.
  class Listener {
   public:
    virtual void written() = 0;

   protected:
    ~Listener() = default;
  };
  void set_listener(Listener* listener) { listener_.store(listener, std::memory_order_release); }

 private:
  static constexpr size_t head = 2;  // of each message: its length

  void put(Position at, const char* bytes, size_t count);
  void get(Position at, char* bytes, size_t count) const;
  size_t length_at(Position at) const;
  void drop_oldest() { oldest_ += head + length_at(oldest_); }

  const std::string name_;
  mutable std::mutex mutex_;
  size_t size_;
  std::unique_ptr<char[]> bytes_;
  Position oldest_ = 0, newest_ = 0;
  std::atomic<Listener*> listener_{nullptr};
};

}  // namespace ddbproxy::log
