// Reads the steps of health checks: the words behind `tcp-check connect|send|expect` and their http-check cousins.
#pragma once

#include <optional>

#include <ddbproxy/check_script.h>

#include "config/line.h"

namespace ddbproxy::config {

/// The two languages differ in the kinds of expectation and in who may follow whom.
enum class ScriptKind : uint8_t { tcp, http };

// Each reads the rest of the line; empty after a report.
std::optional<model::CheckStep> read_check_comment(Line& line, ScriptKind kind);
std::optional<model::CheckStep> read_check_connect(Line& line, ScriptKind kind);
std::optional<model::CheckStep> read_check_expect(Line& line, ScriptKind kind);
std::optional<model::CheckStep> read_check_send(Line& line, bool binary, bool format);
std::optional<model::CheckStep> read_http_check_send(Line& line);

/// A log format that says nothing but itself, which is all that a check's format may be yet; empty after a report.
std::optional<std::string> read_literal_format(Line& line, std::string_view text);

/// The bytes that hexadecimal digits stand for, or haproxy's words why they stand for none.
struct HexReading {
  std::string bytes, error;
};
HexReading read_hex(std::string_view digits);

}  // namespace ddbproxy::config
