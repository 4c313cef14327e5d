// A thread's pumps that nobody uses just now.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/sharded.h"
#include "net/copy_pump.h"
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
  PumpPool(size_t buffer_size, PipeBudget& pipes, Sent& sent);
  ~PumpPool();

  /// One for bulk goes through a pipe while there are pipes left. When memory is short, buffers are smaller. When there
  /// is none left, one that the whole thread shares is lent to who will give it back at once (see is_last_resort());
  /// others get none.
  std::unique_ptr<Pump> borrow(bool bulk, bool at_once);
  /// This one cannot be kept beyond the turn.
  bool is_last_resort(const Pump& pump) const { return &pump == last_resort_; }
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
  std::unique_ptr<Pump> make_buffer(bool at_once);
  /// How large the next buffer shall be.
  size_t affordable_size() const;

  size_t lent_ = 0;  // buffers, the last resort aside
  std::vector<std::unique_ptr<Pump>> buffers_, free_pipes_;
  std::unique_ptr<CopyPump> spare_;  // the last resort, while nobody has it
  const Pump* last_resort_;
};

}  // namespace ddbproxy::net
