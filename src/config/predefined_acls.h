// The ACLs that every configuration has (manual 7.4).
#pragma once

#include <span>
#include <string_view>

namespace ddbproxy::config {

struct PredefinedAcl {
  std::string_view name;
  std::string_view definition;  ///< As behind `acl <name>`, words separated by blanks.
  std::string_view doc;
};

std::span<const PredefinedAcl> predefined_acls();
/// Null: there is none of this name.
const PredefinedAcl* find_predefined_acl(std::string_view name);

}  // namespace ddbproxy::config
