// A thread's pumps that nobody uses just now.
#include "net/pump_pool.h"

#include <algorithm>
#include <new>

#include "base/memory.h"
#include "net/splice_pump.h"

namespace ddbproxy::net {
namespace {

// A burst of slow peers may take many pumps; more than these go back to the system afterwards.
constexpr size_t buffers_kept = 64, pipes_kept = 16;

// Larger is not faster on the machines measured, and smaller is slower.
constexpr size_t bulk_pipe_size = 1 << 20;

// While no more than these are lent, memory is not looked at.
constexpr size_t few = 16;
// What a peer that does not take its bytes may hold, by how much memory there still is.
constexpr size_t plenty = 16 << 20, enough = 4 << 20;
constexpr size_t medium_buffer = 16384, small_buffer = 4096;

}  // namespace

PumpPool::PumpPool(size_t buffer_size, PipeBudget& pipes, Sent& sent)
    : buffer_size_(buffer_size), pipes_(pipes), sent_(sent), spare_(CopyPump::make(buffer_size)) {
  if (!spare_) throw std::bad_alloc();
  last_resort_ = spare_.get();
  buffers_.reserve(buffers_kept);
  free_pipes_.reserve(pipes_kept);
}

PumpPool::~PumpPool() {
  pipes_.open -= static_cast<uint32_t>(free_pipes_.size());
  pipes_.idle -= static_cast<uint32_t>(free_pipes_.size());
}

std::unique_ptr<Pump> PumpPool::make_buffer(bool at_once) {
  auto pump = CopyPump::make(affordable_size());
  if (!pump) return at_once ? std::move(spare_) : nullptr;
  ++lent_;
  return pump;
}

size_t PumpPool::affordable_size() const {
  if (lent_ < few || base::could_map(plenty)) return buffer_size_;
  return std::min(buffer_size_, base::could_map(enough) ? medium_buffer : small_buffer);
}

std::unique_ptr<Pump> PumpPool::borrow(bool bulk, bool at_once) {
  std::vector<std::unique_ptr<Pump>>& free = bulk && !free_pipes_.empty() ? free_pipes_ : buffers_;
  if (bulk && free_pipes_.empty() && pipes_.open < pipes_.limit) {
    if (auto pipe = SplicePump::open(pipes_.size ? pipes_.size : bulk_pipe_size)) {
      ++pipes_.open;
      return pipe;
    }
  }
  if (free.empty()) return make_buffer(at_once);
  std::unique_ptr<Pump> pump = std::move(free.back());
  free.pop_back();
  if (pump->spliced())
    --pipes_.idle;
  else
    ++lent_;
  return pump;
}

void PumpPool::give_back(std::unique_ptr<Pump> pump) {
  if (is_last_resort(*pump)) {
    spare_.reset(static_cast<CopyPump*>(pump.release()));
    return spare_->clear();
  }
  auto& free = pump->spliced() ? free_pipes_ : buffers_;
  const bool keep = pump->held() == 0 && free.size() < (pump->spliced() ? pipes_kept : buffers_kept) &&
                    (pump->spliced() || pump->room() == buffer_size_);
  if (pump->spliced())
    keep ? ++pipes_.idle : --pipes_.open;
  else
    --lent_;
  if (keep) free.push_back(std::move(pump));
}

}  // namespace ddbproxy::net
