// When a server is checked: pure arithmetic.
#pragma once

#include <ddbproxy/model.h>

#include "base/clock.h"
#include "live/server.h"

namespace ddbproxy::live {

/// From the end of one check to the start of the next: inter in full health, downinter while down, fastinter between.
base::Milliseconds check_interval(const model::Check& check, int health, OperState state);

/// How long a check may take. Only where `timeout check` is set does `timeout connect` limit the connection, too.
base::Milliseconds check_time_limit(base::Milliseconds inter, const model::Timeouts& timeouts);

/// How long the server may then take; empty when the time of check_time_limit() goes on.
model::Duration check_answer_limit(const model::Timeouts& timeouts);

/// The first check of server number `index` out of `count`: spread over `shortest`, the shortest interval of all
/// servers that are not checked very often, or over the server's own if that is longer; never over more than `longest`
/// (0: no limit).
base::Milliseconds first_check(base::Milliseconds own, base::Milliseconds shortest, base::Milliseconds longest,
                               size_t index, size_t count);

/// `interval` moved by up to `percent` of it in either direction; `chance` is in 0..1.
base::Milliseconds spread(base::Milliseconds interval, int percent, double chance);
/// With a chance of its own.
base::Milliseconds spread_randomly(base::Milliseconds interval, int percent);

/// Servers checked more often than this do not count for `shortest`.
inline constexpr base::Milliseconds often{1000};

}  // namespace ddbproxy::live
