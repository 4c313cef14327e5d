// A thread's pumps that nobody uses just now.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/sharded.h"
#include "net/pump.h"

namespace ddbproxy::net {

/// The process's pipes: how many there are, and may be.
struct PipeBudget {
  uint32_t limit = 0;  ///< 0: none may be used
  size_t size = 0;     ///< of each; 0: bulk_pipe_size
  std::atomic<uint32_t> open{0};
  std::atomic<uint32_t> idle{0};  ///< of these, kept for use
};

/// What one thread has sent to clients and servers, in bytes.
struct Sent {
  base::Counter all, spliced;
};

/// Lives on one thread. Streams borrow a pump while bytes are on their way, so that an idle one costs no buffer.
class PumpPool {
 public:
  PumpPool(size_t buffer_size, PipeBudget& pipes, Sent& sent) : buffer_size_(buffer_size), pipes_(pipes), sent_(sent) {}
  ~PumpPool();

  /// One for bulk goes through a pipe while there are pipes left.
  std::unique_ptr<Pump> borrow(bool bulk);
  /// Takes back a pump, which may still hold what will never be sent.
  void give_back(std::unique_ptr<Pump> pump);
  void count_sent(size_t bytes, bool spliced) {
    sent_.all.add(bytes);
    if (spliced) sent_.spliced.add(bytes);
  }

 private:
  size_t buffer_size_;
  PipeBudget& pipes_;
  Sent& sent_;
  std::vector<std::unique_ptr<Pump>> buffers_, free_pipes_;
};

}  // namespace ddbproxy::net
