// The variables of the process that a configuration sets (manual 3.1 "set-var").
#pragma once

#include "live/state.h"

namespace ddbproxy::stream {

/// Sets what the generation's global section says. What the one of before has said in the same words stays as it is,
/// whatever has been made of it since. Control thread.
void set_process_variables(live::State& state, const live::Generation& generation, const live::Generation* before);

}  // namespace ddbproxy::stream
