// The log-format language: text with %variables, parsed once and then written for each stream (manual 8.2.4).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sample/stream_facts.h"

namespace ddbproxy::sample {

struct LogVariable;  // a row of the table in log_variables.cc

/// Immutable once parsed; safe from any thread.
class LogFormat {
 public:
  /// Fails with haproxy's words on an unknown variable. `http` says whether variables of HTTP mode may be used.
  static base::Result<LogFormat> parse(std::string_view text, bool http);

  /// The formats of `option tcplog`, `option httplog` and of neither.
  static const LogFormat& tcp();
  static const LogFormat& http();
  static const LogFormat& connection();

  void append(std::string& out, const StreamFacts& facts) const;

 private:
  struct Part {
    const LogVariable* variable = nullptr;  ///< null: literal
    std::string literal;
    uint32_t flags = 0;  ///< {+Q}, {+X}, {+E}
  };
  std::vector<Part> parts_;
};

}  // namespace ddbproxy::sample
