// How often and in which order servers stand in a fixed table, by their weights: pure arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ddbproxy::live {

/// As many places as the weights add up to; the value of a place is an index into `weights`. Each weight has its share,
/// spread evenly, and of equal claims the first wins. A weight of 0 has no place.
std::vector<uint32_t> spread(std::span<const int> weights);

}  // namespace ddbproxy::live
