// Reads the words of a server: what `server`, `server-template`, `default-server` and `add server` have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// Server lines speak without the word "parsing", and servers that come from no line without its place.
void speak_as_server(Line& line, std::string_view who);
/// The next word is no option of servers.
void say_unknown_option(Line& line, std::string_view hint);
/// Words that help when a server's name looks like an address and its address like an option, or is missing; else
/// empty.
std::string missing_name(const std::string& name, std::string_view address);
/// Reads what stands behind the name: the address and the options. Empty after a report.
std::optional<model::Server> read_server(Line& line, const model::Proxy& proxy, std::string_view shown_name,
                                         std::string_view name_in_message, std::string_view address);

}  // namespace ddbproxy::config
