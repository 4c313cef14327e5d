// The lists of steps: who may follow whom, and what a script carries out that no line of it says.
#pragma once

#include <optional>

#include <ddbproxy/model.h>

#include "config/check_reader.h"

namespace ddbproxy::config {

/// Adds a rule to the backend's list; a section's first rule replaces those of its defaults. Reports a rule that
/// cannot stand there.
void add_check_rule(Line& line, model::Proxy& proxy, ScriptKind kind, model::CheckStep step);

/// `option httpchk`, with what it says of the request; nothing when it is bare. The section's own rules and none of its
/// defaults go with it.
void use_http_check(const Line& line, model::Proxy& proxy, std::optional<model::CheckRequest> said);

/// The steps of the backend's method, with those that its rules leave out.
void complete_checks(model::CheckSettings& checks);

}  // namespace ddbproxy::config
