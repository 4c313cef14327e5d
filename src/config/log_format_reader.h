// Compiles log formats, which stand in many keywords (manual 8.2.6).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/context.h"
#include "config/line.h"
#include "sample/log_format.h"

namespace ddbproxy::config {

/// Of a proxy whose mode is final. Reports "failed to parse <keyword> : ..." and returns null when it is none.
std::shared_ptr<const sample::LogFormat> compile_format(Context& context, const std::string& format,
                                                        const Location& where, std::string_view keyword,
                                                        sample::FormatRules rules, const model::Proxy& proxy,
                                                        std::string_view use);

/// Where a rule's format stands.
struct RuleFormat {
  sample::Places places;
  std::string use;             ///< See Library::refer().
  bool of_messages = false;    ///< Bytes of a buffer are not there: their head was parsed before.
  bool judged_only = false;    ///< Nothing writes it yet: anything may be asked in it.
  bool of_http_check = false;  ///< Its answers are no messages for fetches yet.
};

/// The word just taken is a format that a rule has; reports what is wrong with it and returns null then.
std::shared_ptr<const sample::LogFormat> read_rule_format(Line& line, std::string_view format, const RuleFormat& rule);

}  // namespace ddbproxy::config
