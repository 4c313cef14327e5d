// The words that say what ddbproxy answers by itself: behind `http-request return`, `deny`, `tarpit`, `http-error`
// (manual 4.2).
#pragma once

#include <string>

#include "config/line.h"
#include "config/log_format_reader.h"

namespace ddbproxy::config {

/// The reply to a rule, or an error page.
struct ReplyDraft {
  RuleFormat format;               ///< Where it stands: of its log formats.
  int status = 0;                  ///< When no word says one.
  bool takes_deny_status = false;  ///< Its first word may be the old one for `status`.
  std::string section = {};        ///< Of `errorfiles`, for the caller to look for.
};

/// Reads words as long as they say what the reply is. Reports what is wrong and returns false then.
bool read_reply(Line& line, ReplyDraft& reply);

}  // namespace ddbproxy::config
