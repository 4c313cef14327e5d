// Whether a condition of the configuration holds for a stream.
#pragma once

#include <ddbproxy/model.h>

#include "sample/stream_facts.h"

namespace ddbproxy::model {

/// Pure. An ACL that is not known does not hold; the configuration's reader has refused it before.
bool holds(const Condition& condition, const sample::StreamFacts& facts);

}  // namespace ddbproxy::model
