// Writing HTML: everything that comes from outside is escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ddbproxy::stats {

/// Text, or the value of a quoted attribute.
void write_escaped(std::string& out, std::string_view text);
/// 1234567 as "1 234 567", with narrow spaces that do not break.
void write_grouped(std::string& out, uint64_t number);
/// 1234567 as "1.2 MB".
void write_bytes(std::string& out, uint64_t bytes);
/// Seconds as "3d 4h", "5m 12s" or "7s".
void write_age(std::string& out, int64_t seconds);
/// Seconds since 1970 as "2026-11-23 08:15:00 UTC", 0 as "never".
void write_moment(std::string& out, int64_t seconds);

}  // namespace ddbproxy::stats
