// The lists of steps: who may follow whom, and what a script carries out that no line of it says.
#pragma once

#include <ddbproxy/model.h>

#include "config/check_reader.h"

namespace ddbproxy::config {

/// Adds a rule to the backend's list; a section's first rule replaces those of its defaults. Reports a rule that
/// cannot stand there.
void add_check_rule(Line& line, model::Proxy& proxy, ScriptKind kind, model::CheckStep step);

/// The steps of the backend's method, with those that its rules leave out.
void complete_checks(model::CheckSettings& checks);

}  // namespace ddbproxy::config
