// A thread's pumps that nobody uses just now.
#include "net/pump_pool.h"

#include "net/copy_pump.h"
#include "net/splice_pump.h"

namespace ddbproxy::net {
namespace {

// A burst of slow peers may take many pumps; more than these go back to the system afterwards.
constexpr size_t buffers_kept = 64, pipes_kept = 16;

// Larger is not faster on the machines measured, and smaller is slower.
constexpr size_t bulk_pipe_size = 1 << 20;

}  // namespace

PumpPool::~PumpPool() {
  pipes_.open -= static_cast<uint32_t>(free_pipes_.size());
  pipes_.idle -= static_cast<uint32_t>(free_pipes_.size());
}

std::unique_ptr<Pump> PumpPool::borrow(bool bulk) {
  std::vector<std::unique_ptr<Pump>>& free = bulk && !free_pipes_.empty() ? free_pipes_ : buffers_;
  if (bulk && free_pipes_.empty() && pipes_.open < pipes_.limit) {
    if (auto pipe = SplicePump::open(pipes_.size ? pipes_.size : bulk_pipe_size)) {
      ++pipes_.open;
      return pipe;
    }
  }
  if (free.empty()) return std::make_unique<CopyPump>(buffer_size_);
  std::unique_ptr<Pump> pump = std::move(free.back());
  free.pop_back();
  if (pump->spliced()) --pipes_.idle;
  return pump;
}

void PumpPool::give_back(std::unique_ptr<Pump> pump) {
  auto& free = pump->spliced() ? free_pipes_ : buffers_;
  const bool keep = pump->held() == 0 && free.size() < (pump->spliced() ? pipes_kept : buffers_kept);
  if (pump->spliced()) keep ? ++pipes_.idle : --pipes_.open;
  if (keep) free.push_back(std::move(pump));
}

}  // namespace ddbproxy::net
