#include "model/condition.h"

#include <algorithm>

#include "sample/predefined_acl.h"

namespace ddbproxy::model {

bool holds(const Condition& condition, const sample::StreamFacts& facts) {
  const auto term_holds = [&](const Condition::Term& term) {
    const sample::PredefinedAcl* acl = sample::find_predefined_acl(term.acl);
    return (acl && acl->holds && acl->holds(facts)) != term.negated;
  };
  const bool any = std::any_of(condition.any_of.begin(), condition.any_of.end(),
                               [&](const auto& terms) { return std::all_of(terms.begin(), terms.end(), term_holds); });
  return any != condition.negated;
}

}  // namespace ddbproxy::model
