// The log-format language: text with %variables, parsed once and then written for each stream (manual 8.2.6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sample/expression.h"
#include "sample/log_variables.h"
#include "sample/stream_facts.h"

namespace ddbproxy::sample {

/// What a format may be made of, where it stands.
struct FormatRules {
  bool http = false;               ///< Variables of HTTP mode may be used.
  Places places = at(Place::log);  ///< Its expressions must be known at one of these.
  Library* library = nullptr;      ///< For expressions; null: there are none.
  bool log_line = true;            ///< Blanks are one blank, and what is absent is a "-"; otherwise neither.
};

/// Immutable once parsed; safe from any thread.
class LogFormat {
 public:
  /// Fails with haproxy's words, to be put behind "failed to parse log-format : ", without their full stop. `error_at`
  /// then gets the offset of the first byte that is wrong, and `expressions` what it has read of them.
  static base::Result<LogFormat> parse(std::string_view text, const FormatRules& rules, size_t* error_at = nullptr,
                                       std::vector<std::shared_ptr<Expression>>* expressions = nullptr);

  /// The formats of `option tcplog`, `option httplog`, `option httplog clf`, `option httpslog` and of none of them.
  static const LogFormat& tcp();
  static const LogFormat& http();
  static const LogFormat& http_clf();
  static const LogFormat& https();
  static const LogFormat& connection();

  /// When everything that the line names is known.
  Moment known() const { return known_; }
  /// Whether it has expressions, and so needs a Context.
  bool has_expressions() const { return expressions_; }
  /// Whether it has this variable, which is named without its '%'.
  bool has(std::string_view variable) const;
  void append(std::string& out, const StreamFacts& facts, const LineContext& context = {}) const;

 private:
  class Parser;
  enum class Kind : uint8_t { literal, blank, variable, expression };
  struct Part {
    Kind kind = Kind::literal;
    uint8_t flags = 0;
    const LogVariable* variable = nullptr;
    std::string literal = {};
    std::shared_ptr<const Expression> expression = {};
  };
  static void append(std::string& out, const Part& part, const LineContext& context);
  std::vector<Part> parts_;
  Moment known_ = Moment::connected;
  bool expressions_ = false, log_line_ = true;
};

}  // namespace ddbproxy::sample
