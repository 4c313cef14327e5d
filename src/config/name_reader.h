// Reads `do-resolve(<variable>,<resolvers>[,<options>]) <expression>` (manual 4.2 "http-request do-resolve").
#pragma once

#include "config/rule_reader.h"

namespace ddbproxy::config {

/// The word just taken and what follows it; false after a report.
bool read_name_question(Line& line, RuleDraft& draft);
/// Reports that no section has the name that a rule of the proxy asks by.
void resolve_name_servers(Context& context, const model::Proxy& proxy, std::string_view name, const Location& where);

}  // namespace ddbproxy::config
