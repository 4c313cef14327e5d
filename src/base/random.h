// Chance, where nobody gains by guessing it.
#pragma once

#include <random>

namespace ddbproxy::base {

/// This thread's.
inline std::minstd_rand& random_generator() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return generator;
}

}  // namespace ddbproxy::base
