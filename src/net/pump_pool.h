// A thread's pumps that nobody uses just now.
#pragma once

#include <memory>
#include <vector>

#include "net/pump.h"

namespace ddbproxy::net {

/// Lives on one thread. Streams borrow a pump while bytes are on their way, so that an idle one costs no buffer.
class PumpPool {
 public:
  explicit PumpPool(size_t buffer_size) : buffer_size_(buffer_size) {}

  std::unique_ptr<Pump> borrow();
  /// Takes back a pump that holds nothing.
  void give_back(std::unique_ptr<Pump> pump);
  size_t buffer_size() const { return buffer_size_; }

 private:
  size_t buffer_size_;
  std::vector<std::unique_ptr<Pump>> free_;
};

}  // namespace ddbproxy::net
