#include "base/clock.h"

namespace ddbproxy::base {
namespace {
const Instant started = now();
const WallTime started_wall = wall_now();
}  // namespace

Instant start_instant() { return started; }
WallTime start_time() { return started_wall; }

}  // namespace ddbproxy::base
