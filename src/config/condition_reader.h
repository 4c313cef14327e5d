// Reads the condition behind a rule: `if TRUE`, `unless !FALSE or TRUE` (manual 7.2).
#pragma once

#include <optional>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// The next word must be `if` or `unless`; reads it and the rest of the line. `rule` stands in messages, e.g. "a 'stats
/// admin' rule". Reports what is wrong and returns nothing then.
std::optional<model::Condition> read_condition(Line& line, std::string_view rule);

}  // namespace ddbproxy::config
