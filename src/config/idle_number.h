// Numbers of the section "global" that shape only what nothing accepted can ask for: read for their errors.
#pragma once

#include <climits>
#include <cstdlib>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/readers.h"

namespace ddbproxy::config {

/// What haproxy says of a number outside these limits, and of none; no words: none is taken as 0.
struct IdleLimits {
  int least = INT_MIN, most = INT_MAX;
  std::string_view expects = {};
  std::string_view missing = "an integer argument.";
};
inline constexpr IdleLimits any_idle_number{}, positive_idle_number{0, INT_MAX, "a positive numeric value."};

template <const IdleLimits& limits = any_idle_number>
void idle_number(Line& line, model::Global&) {
  if (line.peek().empty()) {
    if (!limits.missing.empty())
      line.alert(fmt::format("'{}' expects {}", line.keyword(), limits.missing), line.position());
    return;
  }
  const std::string word(line.take());
  const auto value = static_cast<int>(std::strtoll(word.c_str(), nullptr, 10));  // haproxy keeps 32 bits
  if (value < limits.least || value > limits.most)
    line.alert(fmt::format("'{}' expects {}", line.keyword(), limits.expects));
  else
    loose_number(line, word);
}

}  // namespace ddbproxy::config
