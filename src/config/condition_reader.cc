#include "config/condition_reader.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "config/context.h"
#include "config/keyword.h"

namespace ddbproxy::config {
namespace {

/// ACLs that exist without an `acl` line (manual 7.4). One row an ACL.
struct Predefined {
  std::string_view name;
  Support support;
};
constexpr std::array predefined{
    Predefined{"FALSE", Support::yes},
    Predefined{"HTTP", Support::planned},
    Predefined{"HTTP_1.0", Support::planned},
    Predefined{"HTTP_1.1", Support::planned},
    Predefined{"HTTP_2.0", Support::planned},
    Predefined{"HTTP_CONTENT", Support::planned},
    Predefined{"HTTP_URL_ABS", Support::planned},
    Predefined{"HTTP_URL_SLASH", Support::planned},
    Predefined{"HTTP_URL_STAR", Support::planned},
    Predefined{"LOCALHOST", Support::planned},
    Predefined{"METH_CONNECT", Support::planned},
    Predefined{"METH_DELETE", Support::planned},
    Predefined{"METH_GET", Support::planned},
    Predefined{"METH_HEAD", Support::planned},
    Predefined{"METH_OPTIONS", Support::planned},
    Predefined{"METH_POST", Support::planned},
    Predefined{"METH_PUT", Support::planned},
    Predefined{"METH_TRACE", Support::planned},
    Predefined{"RDP_COOKIE", Support::planned},
    Predefined{"REQ_CONTENT", Support::planned},
    Predefined{"TRUE", Support::yes},
    Predefined{"WAIT_END", Support::planned},
};

const Predefined* find_predefined(std::string_view name) {
  for (const Predefined& acl : predefined)
    if (acl.name == name) return &acl;
  return nullptr;
}

/// Whether the ACL can be evaluated; reports it when not.
bool usable(Line& line, std::string_view acl, std::string_view rule) {
  if (acl == "{") {
    line.alert("an ACL expression in braces is not supported by ddbproxy yet.");
    return false;
  }
  if (const Predefined* found = find_predefined(acl)) {
    if (found->support == Support::yes) return true;
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
