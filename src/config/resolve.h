// After the last line: names become indices, and what depends on other sections is filled in.
#pragma once

#include "config/context.h"

namespace ddbproxy::config {

void resolve(Context& context);

/// What haproxy says last: of sections of peers that do not have this process among them.
void judge_peers(Context& context);

}  // namespace ddbproxy::config
