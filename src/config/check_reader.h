// Reads the steps of health checks: the words behind `tcp-check connect|send|expect` and their http-check cousins.
#pragma once

#include <optional>

#include <ddbproxy/check_script.h>
#include <ddbproxy/rules.h>

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
/// "set-var(check.x)", "set-var-fmt(check.x)" or "unset-var(check.x)", the word just taken, and what follows it.
std::optional<model::CheckStep> read_check_variable(Line& line, ScriptKind kind);

/// The log format `text`; empty after a report, which quotes it.
std::optional<model::CheckText> read_check_text(Line& line, std::string_view text);
/// An expression of a check from the next word on; null after a report, in which `what` says what it is for.
std::shared_ptr<const sample::Expression> read_check_expression(Line& line, std::string_view what);

}  // namespace ddbproxy::config
