// Tells what reading the configuration found: to a person on stderr, or to a program as JSON on stdout.
#pragma once

#include <string>

#include <ddbproxy/diagnostics.h>

#include "app/options.h"

namespace ddbproxy::app {

/// Prints every diagnostic through the console, in haproxy's words; with an excerpt of its line where asked for.
void report(const Diagnostics& diagnostics, const Options& options);

/// Says that a file, or what the command line names for one, cannot be read: as one of the diagnostics where a program
/// reads them. The exit status.
int report_unreadable(const std::string& text, const std::string& file, const Options& options);

}  // namespace ddbproxy::app
