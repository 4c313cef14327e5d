// The log-format language: text with %variables, parsed once and then written for each stream (manual 8.2.6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sample/log_variables.h"
#include "sample/stream_facts.h"

namespace ddbproxy::sample {

/// Immutable once parsed; safe from any thread.
class LogFormat {
 public:
  /// Fails with haproxy's words, to be put behind "failed to parse log-format : ". `http` says whether variables of
  /// HTTP mode may be used. `error_at` then gets the offset of the first byte that is wrong.
  static base::Result<LogFormat> parse(std::string_view text, bool http, size_t* error_at = nullptr);

  /// The formats of `option tcplog`, `option httplog`, `option httplog clf`, `option httpslog` and of none of them.
  static const LogFormat& tcp();
  static const LogFormat& http();
  static const LogFormat& http_clf();
  static const LogFormat& https();
  static const LogFormat& connection();

  /// When everything that the line names is known.
  Moment known() const { return known_; }
  void append(std::string& out, const StreamFacts& facts, const LineContext& context = {}) const;

 private:
  class Parser;
  enum class Kind : uint8_t { literal, blank, variable };
  struct Part {
    Kind kind = Kind::literal;
    uint8_t flags = 0;
    const LogVariable* variable = nullptr;
    std::string literal;
  };
  std::vector<Part> parts_;
  Moment known_ = Moment::connected;
};

}  // namespace ddbproxy::sample
