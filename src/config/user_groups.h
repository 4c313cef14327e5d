// Lists of users when the whole file is read: their members, and the groups that conditions ask for.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <ddbproxy/model.h>

#include "sample/expression.h"

namespace ddbproxy::config {

class Context;

/// Completes the groups of all lists. Reports a user or a group that is not there, and stops at the first, as haproxy.
void resolve_users(Context& context);

/// What `http_auth_group` is compared with: each must be a group of its list. Lives as long as one call of parse(), on
/// its thread.
class UserGroups {
 public:
  struct Test {
    std::shared_ptr<const sample::Expression> expression;
    std::string acl;  ///< Empty for what stood in braces.
    Location where;
    /// Of the line's words, and of each file before them. None: they would be compared in another way, which haproxy
    /// does not look into.
    std::vector<std::vector<std::string>> patterns;
  };

  void add(const model::Proxy& proxy, Test test);
  /// Reports, for the conditions of a proxy, groups that are not there.
  void resolve(Context& context, const model::Proxy& proxy) const;

 private:
  std::unordered_map<const model::Proxy*, std::vector<Test>> tests_;
};

}  // namespace ddbproxy::config
