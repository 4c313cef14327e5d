// Reads the configuration files that the command line names.
#pragma once

#include <string>
#include <vector>

#include <ddbproxy/diagnostics.h>
#include <ddbproxy/parse.h>

#include "app/options.h"
#include "base/result.h"

namespace ddbproxy::app {

/// The files in the order given; a directory stands for its *.cfg files in the order of their names (manual: management
/// guide 3). Errors, here and below, carry haproxy's words, and `culprit` is then the file or directory that they are
/// about.
base::Result<std::vector<std::string>> configuration_files(const std::vector<std::string>& paths, std::string& culprit);

/// Reads them. An empty list is no error.
base::Result<std::vector<SourceFile>> load_sources(const std::vector<std::string>& paths, std::string& culprit);

/// How the sources are to be read. Refers to the options.
ParseOptions parse_options_of(const Options& options);

}  // namespace ddbproxy::app
