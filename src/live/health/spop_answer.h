// What a stream processing offload agent answers to the hello of a health check. Pure.
#pragma once

#include "live/health/expectation.h"

namespace ddbproxy::live {

/// Its first frame: a hello that agrees with ours, or why it disconnects. What follows does not matter.
Judgement judge_spop(std::string_view answer, bool closed, CheckMemory& memory);

}  // namespace ddbproxy::live
