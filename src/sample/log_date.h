// The dates of log lines. Formatting a date costs a microsecond, so each thread keeps the last second that it wrote.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace ddbproxy::sample {

/// "23/Nov/2026:00:12:15", in local time.
std::string_view local_date(base::WallTime time);
/// "23/Nov/2026:00:12:15 +0000", in UTC.
std::string_view gmt_date(base::WallTime time);
/// "+0100": local time's distance from UTC at this moment.
std::string_view local_offset(base::WallTime time);
/// "Nov  3 00:12:15": the date of RFC 3164, in local time.
std::string_view syslog_date(base::WallTime time);
/// Appends "2026-11-23T00:12:15.000123+01:00": RFC 5424, in local time.
void append_iso_date(std::string& out, base::WallTime time);
/// Microseconds within the second.
int microseconds(base::WallTime time);

}  // namespace ddbproxy::sample
