// Reads the address part of `bind` and `stats socket` lines (manual 4.2 "bind", 3.1 "stats socket").
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// Adds a listener for each address and port of "addr:port[-end],...". Returns what is wrong, in haproxy's words, or
/// nothing.
std::string read_bind_addresses(Line& line, std::string_view text, model::Bind& bind);

}  // namespace ddbproxy::config
