// Turns a value of one type into one of another (manual 7.1).
#pragma once

#include "sample/scratch.h"
#include "sample/value.h"

namespace ddbproxy::sample {

/// Whether some value of type `from` can become one of type `to`.
bool can_cast(Type from, Type to);
/// False: this value cannot. Texts are made in `scratch`.
bool cast(Value& value, Type to, Scratch& scratch);

}  // namespace ddbproxy::sample
