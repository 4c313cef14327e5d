// Cross checks of the whole configuration, with haproxy's warnings.
#pragma once

#include "config/context.h"

namespace ddbproxy::config {

void validate(Context& context);

}  // namespace ddbproxy::config
