// The words of lines that give an error page for a status.
#pragma once

#include <string_view>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// The status code, with another word behind it; false after a report. `introduction` stands before haproxy's
/// complaint that they are missing: "errorloc : ".
bool read_error_code(Line& line, std::string_view introduction, std::string_view expects, int& value);
/// `errorfile <code> <file>`; false after a report.
bool read_error_file(Line& line, std::string_view introduction, model::ErrorFile& file);

}  // namespace ddbproxy::config
