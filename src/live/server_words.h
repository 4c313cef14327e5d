// The words of a log line about a server's state: pure text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "live/server.h"

namespace ddbproxy::live {

/// How one check ended.
struct CheckResult {
  CheckStatus status{};
  bool passed = false;
  int64_t duration_ms = 0;
  int code = 0;
  std::string description;
  /// It counts a second time, without a description: so haproxy passes the checks of MySQL and LDAP.
  bool twice = false;
};

/// Why a server's state changes: words, or a check, or neither (it follows another server).
struct Why {
  std::string_view words;
  const CheckResult* check = nullptr;
};

/// "Server b/s", "Backup Server b/s".
std::string server_title(const Server& server);

/// Its description as it is kept and logged: no longer than haproxy's.
std::string short_description(const CheckResult& result);

/// ", reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms".
std::string check_words(const CheckResult& result);

/// ", changed from CLI", or " via b/s" for a server that follows another, and the words of the check.
std::string reason_words(const Server& server, const Why& why);

/// ". 1 active and 0 backup servers left. 0 sessions active, 2 requeued, 0 remaining in queue", or "... online. ..."
/// for a server that is not down. `moved`: how many who waited were given to another server, or were taken over.
std::string balance_words(const Server& server, uint32_t moved);

}  // namespace ddbproxy::live
