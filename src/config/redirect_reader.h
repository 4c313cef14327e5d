// The words of redirects: of the line `redirect` and of the action of HTTP rules (manual 4.2).
#pragma once

#include <optional>

#include "config/log_format_reader.h"
#include "config/rule_reader.h"

namespace ddbproxy::config {

/// Reads the rest of the line, its condition with it. `format`: the target is one, as in rules; otherwise it is taken
/// as it stands. Reports what is wrong and returns false then.
bool read_redirect(Line& line, RuleDraft& draft, const std::optional<RuleFormat>& format);

}  // namespace ddbproxy::config
