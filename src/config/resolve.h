// After the last line: names become indices, and what depends on other sections is filled in.
#pragma once

#include "config/context.h"

namespace ddbproxy::config {

void resolve(Context& context);

}  // namespace ddbproxy::config
