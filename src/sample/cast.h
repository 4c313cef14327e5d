// Turns a value of one type into one of another (manual 7.1).
#pragma once

#include "sample/scratch.h"
#include "sample/value.h"

namespace ddbproxy::sample {

/// Whether some value of type `from` can become one of type `to`.
bool can_cast(Type from, Type to);
/// False: this value cannot. Texts are made in `scratch`. As in haproxy, a boolean that is to be an integer keeps its
/// type, and a text that is to be bytes keeps the type of a text.
bool cast(Value& value, Type to, Scratch& scratch);

}  // namespace ddbproxy::sample
