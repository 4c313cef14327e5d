// An allocation that finds no memory is broken off, or ends on the reserve; either way the caller learns of it.
#include "base/memory.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <new>

using namespace ddbproxy;

// The sanitizers end a program that asks for too much.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool may_ask_for_too_much = false;
#elif defined(__has_feature)
constexpr bool may_ask_for_too_much = !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer);
#else
constexpr bool may_ask_for_too_much = true;
#endif

TEST_CASE("a call that finds memory has had enough") {
  base::refill_reserve();
  CHECK(base::within_memory([] { std::make_unique<int>(); }) == base::Memory::enough);
  CHECK(base::reserve_is_whole());
}

TEST_CASE("a call that throws bad_alloc is broken off") {
  CHECK(base::within_memory([] { throw std::bad_alloc(); }) == base::Memory::broken_off);
}

TEST_CASE("what malloc() does not give comes from the reserve, once, and the caller is told") {
  if (!may_ask_for_too_much) return;
  base::prepare_for_shortage();
  const uint64_t failures = base::failed_allocations();
  constexpr size_t never_there = size_t{1} << 60;
  const auto ask = [] { CHECK(base::allocate_or_reserve(never_there) == nullptr); };
  CHECK(base::within_memory(ask) == base::Memory::reserve);
  CHECK(base::failed_allocations() == failures + 1);
  CHECK(base::reserve_is_whole());  // filled again
  CHECK(base::within_memory([] {}) == base::Memory::enough);
  std::set_new_handler(nullptr);
}

TEST_CASE("what may be refused is not taken from the reserve") {
  if (!may_ask_for_too_much) return;
  base::refill_reserve();
  CHECK(base::allocate_above_margin(size_t{1} << 60) == nullptr);
  CHECK(base::reserve_is_whole());
  std::unique_ptr<char, decltype(&std::free)> block(static_cast<char*>(base::allocate_above_margin(100)), &std::free);
  CHECK(block != nullptr);
}
