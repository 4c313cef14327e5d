// Access control lists and the conditions made of them (manual 7.1, 7.2).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sample/expression.h"
#include "sample/pattern.h"

namespace ddbproxy::sample {

/// What is known by now. Ordered, so that `and` is the least and `or` the greatest.
enum class Verdict : uint8_t { no, not_yet, yes };

class PatternSet;

/// One `acl` line: an expression, and what its values are compared with. Immutable once it is read.
struct AclTest {
  std::shared_ptr<const Expression> expression;
  Match match = Match::found;
  std::vector<std::shared_ptr<const PatternSet>> patterns;  ///< Those of the line and one for each file.

  Verdict evaluate(Context& context) const;
};

/// All lines of one name, of which one must hold; or what stood in braces, whose name is empty.
struct Acl {
  std::string name;
  std::vector<std::shared_ptr<const AclTest>> tests;

  Verdict evaluate(Context& context) const;
};

/// What stands behind `if` or `unless`.
struct Condition {
  struct Term {
    std::shared_ptr<const Acl> acl;
    bool negated = false;
  };
  bool unless = false;
  std::vector<std::vector<Term>> any_of;

  /// With context.final it is never not_yet.
  Verdict evaluate(Context& context) const;
  bool holds(Context& context) const { return evaluate(context) == Verdict::yes; }
};

}  // namespace ddbproxy::sample
