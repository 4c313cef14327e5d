#include "config/condition_reader.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"
#include "config/keyword.h"
#include "sample/predefined_acl.h"

namespace ddbproxy::config {
namespace {

/// Whether the ACL can be evaluated; reports it when not.
bool usable(Line& line, std::string_view acl, std::string_view rule) {
  if (acl == "{") {
    line.alert("an ACL expression in braces is not supported by ddbproxy yet.");
    return false;
  }
  if (const sample::PredefinedAcl* found = sample::find_predefined_acl(acl)) {
    if (found->holds) return true;
    line.alert(fmt::format("the ACL '{}' is not supported by ddbproxy yet.", acl));
    return false;
  }
  const auto& declared = line.context().draft->acls;
  if (std::find(declared.begin(), declared.end(), acl) != declared.end()) return false;  // its own line was refused
  line.alert(fmt::format("error detected while parsing {} : no such ACL : '{}'.", rule, acl));
  return false;
}

}  // namespace

std::optional<model::Condition> read_condition(Line& line, std::string_view rule) {
  model::Condition condition;
  condition.negated = line.take() == "unless";
  bool good = true, negated = false, open = false;
  while (!line.done()) {
    std::string_view word = line.take();
    if (word == "or" || word == "||") {
      open = negated = false;
      continue;
    }
    while (word.starts_with('!')) {
      negated = !negated;
      word.remove_prefix(1);
    }
    if (word.empty()) continue;
    if (!usable(line, word, rule)) {
      good = false;
      break;
    }
    if (!open) condition.any_of.emplace_back();
    open = true;
    condition.any_of.back().push_back({std::string(word), negated});
    negated = false;
  }
  if (!good) return {};
  return condition;
}

}  // namespace ddbproxy::config
