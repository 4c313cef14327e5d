// How a health check can end: one row each, with the name, the number and the words that haproxy shows.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "live/server.h"

namespace ddbproxy::live {

struct CheckStatusRow {
  CheckStatus status;
  std::string_view name;   ///< CSV check_status
  std::string_view words;  ///< CSV check_desc, and the log
  bool has_code = false;   ///< It received a status code worth showing.
};

inline constexpr std::array<CheckStatusRow, 20> check_status_rows{{
    {CheckStatus::unknown, "UNK", "Unknown"},
    {CheckStatus::initializing, "INI", "Initializing"},
    {CheckStatus::starting, "", ""},
    {CheckStatus::analyzed, "HANA", "Health analyze"},
    {CheckStatus::checked, "CHECKED", "No status change"},
    {CheckStatus::socket_error, "SOCKERR", "Socket error"},
    {CheckStatus::l4_ok, "L4OK", "Layer4 check passed"},
    {CheckStatus::l4_timeout, "L4TOUT", "Layer4 timeout"},
    {CheckStatus::l4_connection, "L4CON", "Layer4 connection problem"},
    {CheckStatus::l6_ok, "L6OK", "Layer6 check passed"},
    {CheckStatus::l6_timeout, "L6TOUT", "Layer6 timeout"},
    {CheckStatus::l6_response, "L6RSP", "Layer6 invalid response"},
    {CheckStatus::l7_timeout, "L7TOUT", "Layer7 timeout"},
    {CheckStatus::l7_response, "L7RSP", "Layer7 invalid response"},
    {CheckStatus::l7_ok, "L7OK", "Layer7 check passed", true},
    {CheckStatus::l7_ok_conditionally, "L7OKC", "Layer7 check conditionally passed", true},
    {CheckStatus::l7_status, "L7STS", "Layer7 wrong status", true},
    {CheckStatus::program_error, "PROCERR", "External check error", true},
    {CheckStatus::program_timeout, "PROCTOUT", "External check timeout", true},
    {CheckStatus::program_ok, "PROCOK", "External check passed", true},
}};

constexpr const CheckStatusRow& check_status_row(CheckStatus status) {
  return check_status_rows[static_cast<size_t>(status)];
}

}  // namespace ddbproxy::live
