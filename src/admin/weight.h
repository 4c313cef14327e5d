// The weight that `set weight` and `set server ... weight` ask for.
#pragma once

#include <string>

namespace ddbproxy::admin {

/// `error` is empty when `weight` is one to set; it is haproxy's message otherwise, with its line end or, as there,
/// none.
struct WeightOrder {
  int weight = 0;
  std::string error;
};

/// Reads "<n>" or "<n>%" of the initial weight. `fixed`: the algorithm cannot change weights while running, so that
/// only none or the initial one will do.
WeightOrder read_weight(const std::string& text, int initial, bool fixed);

}  // namespace ddbproxy::admin
