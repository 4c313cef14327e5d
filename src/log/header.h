// What stands in front of a log message: one of the syslog headers that `log ... format` chooses. Pure.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "base/clock.h"

namespace ddbproxy::log {

/// Syslog levels, the gravest first.
enum Level { emerg, alert, crit, err, warning, notice, info, debug };

/// Who speaks.
struct Identity {
  std::string hostname;  ///< empty: log-send-hostname is not set
  std::string tag;
};

/// What the headers of one message are made of, whatever target it goes to.
struct Envelope {
  const Identity& identity;
  int pid;
  base::WallTime now;
  std::string_view structured_data;  ///< of RFC 5424; empty for none
};

void append_header(std::string& out, const model::LogTarget& target, Level level, const Envelope& envelope);

}  // namespace ddbproxy::log
