// The table of acl_keyword.cc.
#pragma once

#include <span>
#include <string_view>

#include "sample/pattern.h"

namespace ddbproxy::sample {

struct AclKeyword {
  std::string_view name;
  std::string_view fetch;
  Match match;
};

std::span<const AclKeyword> acl_keywords();
/// Null: it brings no method of its own.
const AclKeyword* find_acl_keyword(std::string_view name);

}  // namespace ddbproxy::sample
