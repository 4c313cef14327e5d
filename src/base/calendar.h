// Names of days and months in protocols, whatever the locale (RFC 9110, RFC 5322, RFC 3164).
#pragma once

#include <array>
#include <string_view>

namespace ddbproxy::base {

/// As tm_wday and tm_mon count them.
inline constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
inline constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace ddbproxy::base
