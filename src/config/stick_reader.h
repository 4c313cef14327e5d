// Reads `stick-table` and `stick` lines, and finds the tables that rules name (manual 4.2, 11).
#pragma once

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

class Context;

void read_stick_table(Line& line, model::Proxy& proxy);
/// `table <name> ...` of a `peers` section.
void read_peers_table(Line& line, model::Peers& section);
/// From the sample on; `rule` says what it is for. Added to the backend when it is right.
void read_stick_rule(Line& line, model::Proxy& proxy, model::StickRule rule);
/// `table <name>`, where it stands next.
void read_table_name(Line& line, model::TableName& table);
/// Finds the tables of all rules, and has them store what these need; reports what is not there or does not fit.
void resolve_tables(Context& context, model::Proxy& proxy);
/// The same for one rule of `track-sc`.
void resolve_tracked_table(Context& context, const model::Proxy& proxy, model::Rule& rule);
/// The number (model::TableRef) of the table of this name, or -1.
int find_table(const model::Model& model, std::string_view name);

}  // namespace ddbproxy::config
