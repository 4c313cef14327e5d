// A line's state in words that people understand at a glance, and the name of its colour.
#pragma once

#include <string>
#include <string_view>

#include "stats/row.h"

namespace ddbproxy::stats {

/// "up", "down", "rising", "falling", "maint", "drain", "idle" (no check) or "off".
std::string_view state_class(const Row& row);
/// True for a server that is given new sessions.
bool serves(const live::Server& server);
/// What the last check said: "L4OK in 0 ms", "Layer4 connection problem: Connection refused"; empty without checks.
std::string check_words(const live::Server& server);
/// Why a server gets no new sessions: the check's words, or who took it out; empty when it serves.
std::string trouble_words(const live::Server& server);

}  // namespace ddbproxy::stats
