// A thread's pumps that nobody uses just now.
#include "net/pump_pool.h"

#include <cassert>

#include "net/copy_pump.h"

namespace ddbproxy::net {
namespace {

// A burst of slow peers may take many buffers; more than these go back to the system afterwards.
constexpr size_t most_kept = 64;

}  // namespace

std::unique_ptr<Pump> PumpPool::borrow() {
  if (free_.empty()) return std::make_unique<CopyPump>(buffer_size_);
  std::unique_ptr<Pump> pump = std::move(free_.back());
  free_.pop_back();
  return pump;
}

void PumpPool::give_back(std::unique_ptr<Pump> pump) {
  assert(pump->held() == 0);
  if (free_.size() < most_kept) free_.push_back(std::move(pump));
}

}  // namespace ddbproxy::net
