// The vocabulary of log formats: one row a %variable, for the parser, the manual and the writer of lines.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sample/field_writer.h"
#include "sample/stream_facts.h"

namespace ddbproxy::sample {

/// When a stream knows a value: a line is sent as soon as all that it names is known.
enum class Moment : uint8_t {
  accepted,   ///< a client connected
  connected,  ///< the server was reached, or the stream failed before
  ended,      ///< all is over
};

struct LogVariable {
  std::string_view name;  ///< without its '%'
  bool http_only;         ///< refused in a TCP proxy, as haproxy does
  Moment known;
  /// Null for %o, which only passes its flags on to the variables behind it.
  void (*write)(FieldWriter&, const StreamFacts&);
  std::string_view doc;
};

/// All variables, in the order of the manual's table.
std::span<const LogVariable> log_variables();
/// Null when there is no such variable.
const LogVariable* find_log_variable(std::string_view name);
/// The whole line of a proxy without any log option; it has no name of its own.
extern const LogVariable connection_line;

}  // namespace ddbproxy::sample
