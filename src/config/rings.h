// Rings and the log lines that name them, when the whole file is read.
#pragma once

#include <string>
#include <vector>

namespace ddbproxy::config {

class Context;

/// A message in a ring has the ring's format, and its longest length if that is less than the line's.
void resolve_ring_targets(Context& context);
/// Why a start fails: log lines that name rings that are not there. haproxy's -c does not look for them.
std::vector<std::string> missing_rings(const Context& context);

}  // namespace ddbproxy::config
