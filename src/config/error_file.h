// Reads the file of an `errorfile` line: a whole HTTP response.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <ddbproxy/model.h>
#include <ddbproxy/outside.h>

namespace ddbproxy::config {

/// Empty when `text` is a response that can be sent, otherwise haproxy's words for what is wrong with it. An empty file
/// is one, too: the client is left without an answer.
std::string parse_error_file(std::string_view text, model::ErrorFile& file);

/// Whether haproxy has an error page for this status.
bool is_error_code(int code);
/// The same of a file of the machine, which a line calls by `name` and of which at most `most` bytes are looked at; a
/// longer one is `too_long` in any case.
std::string load_error_file(const std::string& name, const Outside::File& file, uint32_t most, model::ErrorFile& page,
                            bool& too_long);

}  // namespace ddbproxy::config
