// Reads the file of an `errorfile` line: a whole HTTP response.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

namespace ddbproxy::config {

/// Empty when `text` is a response that can be sent, otherwise haproxy's words for what is wrong with it. An empty file
/// is one, too: the client is left without an answer.
std::string parse_error_file(std::string_view text, model::ErrorFile& file);

}  // namespace ddbproxy::config
