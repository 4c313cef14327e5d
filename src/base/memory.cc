#include "base/memory.h"

#include <atomic>
#include <cstdlib>
#include <sys/mman.h>
#include <utility>

namespace ddbproxy::base {
namespace {

// Below the size from which malloc() asks the system for each block: it comes from the thread's own heap, which then
// has room for many small ones.
constexpr size_t reserve_size = 64 * 1024;
constexpr size_t margin = 96 * 1024;

struct Reserve {
  void* block;
  bool given_up;
};
constinit thread_local Reserve reserve{nullptr, false};
std::atomic<uint64_t> failures{0};

/// Apart from the reserve, so that looking at that needs no guard.
struct AtThreadEnd {
  ~AtThreadEnd() { std::free(std::exchange(reserve.block, nullptr)); }
};

bool give_up_reserve() {
  failures.fetch_add(1, std::memory_order_relaxed);
  if (!reserve.block) return false;
  std::free(std::exchange(reserve.block, nullptr));
  reserve.given_up = true;
  return true;
}

void on_shortage() {
  if (!give_up_reserve()) throw std::bad_alloc();
}

}  // namespace

void prepare_for_shortage() {
  std::set_new_handler(on_shortage);
  refill_reserve();
}

void refill_reserve() {
  if (reserve.block) return;
  thread_local const AtThreadEnd freed;
  reserve.block = std::malloc(reserve_size);
}

bool reserve_is_whole() { return reserve.block; }

bool take_shortage() { return std::exchange(reserve.given_up, false); }

void* allocate_or_reserve(size_t size) {
  void* block = std::malloc(size);
  if (!block && give_up_reserve()) block = std::malloc(size);
  return block;
}

void* reallocate_or_reserve(void* block, size_t size) {
  void* volatile kept = block;  // by a realloc() that fails, which the compiler does not know
  void* larger = std::realloc(block, size);
  if (!larger && size && give_up_reserve()) larger = std::realloc(kept, size);
  return larger;
}

void* allocate_above_margin(size_t size) {
  void* block = std::malloc(size);
  // The compiler would leave out a block that nobody uses.
  void* volatile left = block ? std::malloc(margin) : nullptr;
  if (!left) {
    failures.fetch_add(1, std::memory_order_relaxed);
    std::free(block);
    return nullptr;
  }
  std::free(left);
  return block;
}

bool could_map(size_t size) {
  void* const room = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return false;
  munmap(room, size);
  return true;
}

uint64_t failed_allocations() { return failures.load(std::memory_order_relaxed); }

}  // namespace ddbproxy::base
