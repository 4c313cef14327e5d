// A log message that somebody has sent: its header (RFC 3164, RFC 5424), and the headers that it is handed on with.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "base/clock.h"

namespace ddbproxy::log {

/// The parts of a message; views into it. What it does not say is empty.
struct Received {
  /// How its header was written.
  enum class Header : uint8_t { none, priority, rfc3164, rfc5424 };
  Header header = Header::none;
  int priority = 0;       ///< Facility and level; of none the level is emerg, as haproxy has it.
  std::string_view time;  ///< As written; "-" of an RFC 5424 header that says none.
  std::string_view host, tag, pid, id, data, text;

  int level() const { return priority & 7; }
  bool has_priority() const { return header != Header::none; }
};

/// What cannot be read as a header is part of the text. Line ends and zero bytes at the end go.
Received read_received(std::string_view message);

/// Writes it as this target has it, up to its longest length, without a line end; what the message lacks is the
/// target's, or that it came `now`.
void append_received(std::string& out, const model::LogTarget& target, const Received& message, base::WallTime now);

}  // namespace ddbproxy::log
