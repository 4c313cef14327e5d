// What -S says: where the master's runtime API listens.
#pragma once

#include <optional>
#include <string>

#include <ddbproxy/diagnostics.h>
#include <ddbproxy/model.h>

namespace ddbproxy::config {

/// Reads "<address>[,<option>...]", with options of `bind`. Reports what is wrong with haproxy's words and gives
/// nothing then. Its clients may do everything, unless `level` says otherwise.
std::optional<model::Bind> read_master_socket(const std::string& text, Diagnostics& diagnostics);

}  // namespace ddbproxy::config
