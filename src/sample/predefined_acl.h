// The ACLs that exist without an `acl` line (manual 7.4): one row each.
#pragma once

#include <span>
#include <string_view>

#include "sample/stream_facts.h"

namespace ddbproxy::sample {

struct PredefinedAcl {
  std::string_view name;
  /// Null: known to haproxy 2.6, not supported by ddbproxy yet.
  bool (*holds)(const StreamFacts&);
  std::string_view doc;
};

std::span<const PredefinedAcl> predefined_acls();
/// Null when there is none of this name.
const PredefinedAcl* find_predefined_acl(std::string_view name);

}  // namespace ddbproxy::sample
