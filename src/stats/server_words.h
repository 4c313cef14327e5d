// A line's state in words that people understand at a glance, and the name of its colour.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stats/row.h"

namespace ddbproxy::stats {

/// "up", "down", "rising", "falling", "maint", "drain", "idle" (no check) or "off".
std::string_view state_class(const Row& row);
/// True for a server that is given new sessions.
bool serves(const live::Server& server);
/// How a server's last check ended, or its agent's: "L4CON in 0 ms", and what it said of it: "Connection refused".
struct CheckReport {
  std::string result;
  std::string_view said;
};
/// Of those that a server has.
std::vector<CheckReport> check_reports(const live::Server& server);
/// How many sessions stay on a server that gets no new ones; empty when it serves, or has none and is not draining.
std::string left_words(const Row& row);
/// Why a server gets no new sessions: the check's or the agent's words, or who took it out; empty when it serves.
std::string trouble_words(const live::Server& server);

}  // namespace ddbproxy::stats
