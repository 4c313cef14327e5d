// What only some streams have: variables, captures, what rules have set.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "live/variables.h"
#include "log/header.h"
#include "net/compact_address.h"

namespace ddbproxy::stream {

/// Made when a rule needs it, so that a stream without rules carries a pointer and nothing else.
struct Extras {
  live::Variables variables;                            ///< Of session, transaction, request and response.
  std::vector<std::string> captures;                    ///< By slot of the frontend's; cut to its length.
  std::optional<log::Level> log_level;                  ///< set-log-level
  bool silent = false;                                  ///< set-log-level silent
  net::CompactAddress first_client, first_destination;  ///< What set-src and set-dst have replaced; empty: nothing.
};

}  // namespace ddbproxy::stream
