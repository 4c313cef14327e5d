#include "sample/acl.h"

#include <algorithm>

#include "sample/cast.h"
#include "sample/pattern_set.h"

namespace ddbproxy::sample {
namespace {

Verdict inverted(Verdict verdict) {
  return verdict == Verdict::no ? Verdict::yes : verdict == Verdict::yes ? Verdict::no : verdict;
}

/// As haproxy compares: what only has to be there, or to be other than 0, needs no pattern.
bool matches(const AclTest& test, const Value& value, Scratch& scratch) {
  if (test.match == Match::found) return true;
  if (test.match == Match::boolean) {
    Value number = value;
    return cast(number, Type::boolean, scratch) && number.number != 0;
  }
  return std::any_of(test.patterns.begin(), test.patterns.end(),
                     [&](const auto& set) { return set->find(value, scratch) != nullptr; });
}

}  // namespace

Verdict AclTest::evaluate(Context& context) const {
  const Scratch::Mark mark = context.scratch.mark();
  Verdict verdict = Verdict::no;
  Value value;
  value.each = true;
  do {
    value.more = false;
    const Answer answer = expression->evaluate(context, value);
    if (answer == Answer::not_yet) verdict = Verdict::not_yet;
    if (answer != Answer::found) break;
    if (matches(*this, value, context.scratch)) {
      verdict = Verdict::yes;
      break;
    }
    if (value.may_change && !context.final) verdict = Verdict::not_yet;
  } while (value.more);
  context.scratch.clear(mark);
  return verdict;
}

Verdict Acl::evaluate(Context& context) const {
  Verdict verdict = Verdict::no;
  for (const auto& test : tests) {
    verdict = std::max(verdict, test->evaluate(context));
    if (verdict == Verdict::yes) break;
  }
  return verdict;
}

Verdict Condition::evaluate(Context& context) const {
  Verdict verdict = Verdict::no;
  for (const auto& terms : any_of) {
    Verdict all = Verdict::yes;
    for (const Term& term : terms) {
      const Verdict one = term.acl->evaluate(context);
      all = std::min(all, term.negated ? inverted(one) : one);
      if (all == Verdict::no) break;
    }
    verdict = std::max(verdict, all);
    if (verdict == Verdict::yes) break;
  }
  return unless ? inverted(verdict) : verdict;
}

}  // namespace ddbproxy::sample
