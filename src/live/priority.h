// What rules say about who is served first where clients wait.
#pragma once

#include <cstdint>

namespace ddbproxy::live {

/// `tcp-request content set-priority-class` and `set-priority-offset`: a lower class goes before a higher one; in one
/// class those go first whose arrival, moved by the offset, is earlier.
struct Priority {
  static constexpr int64_t most_class = 2047, most_offset = 524287;
  int16_t priority_class = 0;
  int32_t offset = 0;  ///< ms
};

}  // namespace ddbproxy::live
