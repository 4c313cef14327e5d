// A regular expression, as haproxy has them: PCRE2, compiled once and used from any thread.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace ddbproxy::base {

class Regex {
 public:
  /// Fails with haproxy's words: "regex '(' is invalid (error=missing closing parenthesis, erroffset=1)".
  static Result<Regex> compile(std::string_view pattern, bool ignore_case = false);

  bool matches(std::string_view text) const;

 private:
  struct Code;
  explicit Regex(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

  std::shared_ptr<const Code> code_;
};

}  // namespace ddbproxy::base
