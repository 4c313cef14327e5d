// Conditions on requests for ddbproxy's own pages.
#pragma once

#include <ddbproxy/model.h>

#include "http/request.h"
#include "live/state.h"

namespace ddbproxy::http {

/// Whether a condition holds for a request; one that is null does. Any thread.
bool holds(const model::Condition& condition, const Request& request, live::State& state);

}  // namespace ddbproxy::http
