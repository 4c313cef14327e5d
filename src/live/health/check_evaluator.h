// What the formats, expressions and variables of a check's script are evaluated by: a room above plugs it in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <ddbproxy/rules.h>

#include "live/server.h"
#include "live/variables.h"

namespace ddbproxy::live {

/// A check between two of its steps. What it refers to lasts for the call.
struct CheckMoment {
  const Server& server;
  int fd = -1;              ///< -1: no connection
  std::string_view answer;  ///< What has come since something was sent last.
  Variables& variables;     ///< Of the check.
};

/// Control thread.
class CheckEvaluator {
 public:
  virtual ~CheckEvaluator() = default;
  virtual std::string text(const sample::LogFormat& format, const CheckMoment& moment) = 0;
  /// Empty: the expression gives no number.
  virtual std::optional<int64_t> number(const sample::Expression& expression, const CheckMoment& moment) = 0;
  /// Carries out `set-var`, `set-var-fmt` or `unset-var`.
  virtual void run(const model::Rule& rule, const CheckMoment& moment) = 0;
};

}  // namespace ddbproxy::live
