// The version of ddbproxy and that of the haproxy whose place it takes.
#pragma once

namespace ddbproxy {

inline constexpr const char* version = "0.1.0";
/// What `-v`, `show info` and version predicates answer, so that scripts that read them go on working.
inline constexpr const char* haproxy_version = "2.6.12";
inline constexpr const char* haproxy_date = "2026/10/17";

}  // namespace ddbproxy
