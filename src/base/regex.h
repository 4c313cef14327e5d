// A regular expression, as haproxy has them: PCRE2 with its JIT, compiled once and used from any thread.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace ddbproxy::base {

class Regex {
 public:
  /// Where a group stands in the text; `none` when it took no part.
  struct Group {
    static constexpr size_t none = ~size_t{0};
    size_t begin = none, end = none;
  };
  /// The whole match, and what haproxy's references reach: \1 to \9.
  static constexpr size_t most_groups = 10;
  using Groups = std::span<Group, most_groups>;

  /// Fails with haproxy's words: "regex '(' is invalid (error=missing closing parenthesis, erroffset=1)".
  static Result<Regex> compile(std::string_view pattern, bool ignore_case = false);

  /// An expression that needs more steps than PCRE2's limit does not match.
  bool matches(std::string_view text) const;
  /// The same, with the groups; `begins` is false for the rest of a text, where ^ does not match.
  bool match(std::string_view text, Groups groups, bool begins = true) const;

 private:
  struct Code;
  explicit Regex(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

  std::shared_ptr<const Code> code_;
};

}  // namespace ddbproxy::base
