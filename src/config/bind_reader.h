// Reads the address part of `bind` and `stats socket` lines (manual 4.2 "bind", 3.1 "stats socket").
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/address_reader.h"
#include "config/line.h"
#include "config/option_words.h"

namespace ddbproxy::config {

/// Adds a listener for each address and port of "addr:port[-end],...". Returns what is wrong, in haproxy's words, or
/// nothing.
std::string read_bind_addresses(Line& line, std::string_view text, model::Bind& bind);
/// The same by other rules, but for names, which are asked for as the whole reading wants.
std::string read_bind_addresses(Line& line, std::string_view text, AddressRules rules, model::Bind& bind);

/// Reads the options behind them; `words` are those of the line so far, for messages.
OptionsEnd read_bind_options(Line& line, const std::string& words, model::Bind& bind);
/// Only proxies await it so far.
void refuse_netscaler_header(Line& line, const model::Bind& bind);

}  // namespace ddbproxy::config
