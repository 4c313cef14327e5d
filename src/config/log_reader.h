// Reads the arguments of a `log` line into a log target (manual 4.2 "log").
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// Reads from the address on; reports what is wrong and returns nothing then. `global_section` only changes a message.
std::optional<model::LogTarget> read_log_target(Line& line, bool global_section);

/// By their numbers.
extern const std::array<std::string_view, 8> log_levels;
/// In the order of LogTarget::Format.
extern const std::array<std::string_view, 8> log_formats;

/// Within a `defaults` section a second format of the session log lines is worth a warning; `by` is what asks for it.
void warn_of_override(Line& line, const model::LogSettings& log, std::string_view by);

}  // namespace ddbproxy::config
