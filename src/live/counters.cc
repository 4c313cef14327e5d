#include "live/counters.h"

#include <algorithm>

namespace ddbproxy::live {
namespace {

constexpr uint64_t window = 512;

/// Replaces the average's share of the sum by the new sample; `n` samples are in the window.
void add_sample(std::atomic<uint64_t>& sum, uint64_t n, int64_t sample) {
  const uint64_t value = static_cast<uint64_t>(std::max<int64_t>(sample, 0));
  uint64_t seen = sum.load(std::memory_order_relaxed);
  while (!sum.compare_exchange_weak(seen, seen + value - (seen + n - 1) / n, std::memory_order_relaxed)) {
  }
}

uint32_t average(const std::atomic<uint64_t>& sum, uint64_t n) {
  return n ? static_cast<uint32_t>((sum.load(std::memory_order_relaxed) + n - 1) / n) : 0;
}

}  // namespace

void TimeStats::add(int64_t t_queue, int64_t t_connect, int64_t t_response, int64_t t_total) {
  const uint64_t n = std::min(count_.fetch_add(1, std::memory_order_relaxed) + 1, window);
  const auto add_one = [n](One& one, int64_t sample) {
    add_sample(one.sum, n, sample);
    if (sample > 0) one.max.raise(static_cast<uint64_t>(sample));
  };
  add_one(queue_, t_queue);
  add_one(connect_, t_connect);
  add_one(response_, t_response);
  add_one(total_, t_total);
}

TimeStats::Values TimeStats::get() const {
  const uint64_t n = std::min(count_.load(std::memory_order_relaxed), window);
  const auto maximum = [](const One& one) { return static_cast<uint32_t>(one.max.get()); };
  return {average(queue_.sum, n), average(connect_.sum, n), average(response_.sum, n), average(total_.sum, n),
          maximum(queue_),        maximum(connect_),        maximum(response_),        maximum(total_)};
}

void TimeStats::clear_maxima() {
  for (One* one : {&queue_, &connect_, &response_, &total_}) one->max.set(0);
}

void TimeStats::clear() {
  clear_maxima();
  for (One* one : {&queue_, &connect_, &response_, &total_}) one->sum.store(0, std::memory_order_relaxed);
  count_.store(0, std::memory_order_relaxed);
}

}  // namespace ddbproxy::live
