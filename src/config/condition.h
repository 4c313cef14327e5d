// The conditions of `.if`, `.elif` and -cc (manual 2.4): predicates, numbers, !, &&, || and parentheses.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <ddbproxy/environment.h>

namespace ddbproxy::config {

struct ConditionError {
  std::string text;  ///< Empty: none.
  size_t at = 0;     ///< In the condition, from 0.
};

/// The value of `text`, whose quotes are already gone; empty, and why in `error`, when it is no condition.
/// Both sides of && and || must be well formed, though only those that matter count. An empty text is false.
std::optional<bool> evaluate(std::string_view text, const Environment& environment, ConditionError& error);

}  // namespace ddbproxy::config
