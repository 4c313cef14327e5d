// What the conditions on requests for ddbproxy's own pages are evaluated on.
#pragma once

#include <ddbproxy/model.h>

#include "http/request.h"
#include "sample/context.h"

namespace ddbproxy::http {

/// Whether a condition holds for a request; one that is null does. Any thread.
bool holds(const model::Condition& condition, const Request& request);

}  // namespace ddbproxy::http
