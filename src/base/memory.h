// When memory runs out: who asked for more pays for it, and all others go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace ddbproxy::base {

/// Every thread keeps some memory aside. When an allocation of its finds none, that is given up for it, so that what
/// was begun ends in order; whoever watches over it with within_memory() may then end the one that asked. Where even
/// the reserve does not suffice, std::bad_alloc is thrown.
///
/// Called once, by the main thread before there are others.
void prepare_for_shortage();

/// Fills this thread's reserve; does nothing when it is full, or when there is no memory for it.
void refill_reserve();

/// This thread's reserve is whole.
bool reserve_is_whole();

/// Whether this thread's reserve was given up since the last call.
bool take_shortage();

/// As malloc(), but with the reserve behind it: for libraries in C.
void* allocate_or_reserve(size_t size);
void* reallocate_or_reserve(void* block, size_t size);

/// As malloc(), but only from what is left above a margin that small allocations are to find. For what there can be
/// many of and that may be refused.
void* allocate_above_margin(size_t size);

/// Whether the system would give this much more. Two system calls.
bool could_map(size_t size);

/// Allocations that found no memory, of all threads.
uint64_t failed_allocations();

/// How a call ended.
enum class Memory : uint8_t {
  enough,
  reserve,     ///< it has ended, but on the reserve
  broken_off,  ///< by std::bad_alloc
};

/// Calls f.
template <class F>
Memory within_memory(F&& f) noexcept {
  Memory memory = Memory::enough;
  try {
    f();
  } catch (const std::bad_alloc&) {
    memory = Memory::broken_off;
  }
  if (reserve_is_whole()) [[likely]]
    return memory;
  if (take_shortage() && memory == Memory::enough) memory = Memory::reserve;
  refill_reserve();
  return memory;
}

}  // namespace ddbproxy::base
