// The figures of the whole process that the page shows.
#pragma once

#include <span>
#include <string_view>

#include "stats/html_columns.h"

namespace ddbproxy::stats {

struct ProcessFigure {
  std::string_view label;
  std::string_view info;  ///< Its name in `show info`.
  Look look = Look::plain;
};

inline constexpr ProcessFigure process_figures[] = {
    {"Process", "Pid"},
    {"Up for", "Uptime_sec", Look::age},
    {"Threads", "Nbthread"},
    {"Connections", "CurrConns", Look::number},
    {"Connection limit", "Maxconn", Look::number},
    {"Connections/s", "ConnRate", Look::number},
    {"Sessions/s", "SessRate", Look::number},
    {"Descriptor limit", "Ulimit-n", Look::number},
    {"Idle", "Idle_pct", Look::percent},
    {"Dropped logs", "DroppedLogs", Look::number},
    {"Reloads", "Reloads", Look::number},
    {"Last reload", "Last_reload_sec", Look::moment},
};

}  // namespace ddbproxy::stats
