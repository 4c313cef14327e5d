// What a condition can ask: one row a predicate (manual 2.4).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <ddbproxy/environment.h>

namespace ddbproxy::config {

struct Predicate {
  std::string_view name;
  size_t args;  ///< It takes so many; a predicate of one may leave it out.
  bool (*holds)(std::span<const std::string> args, const Environment& environment);
  std::string_view doc;
};

const Predicate* find_predicate(std::string_view name);

/// Where version `a` stands to `b`: less than, equal to or greater than 0. Reads 2.6.12, 2.6-dev3 and the like.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace ddbproxy::config
