// Tells what reading the configuration found: to a person on stderr, or to a program as JSON on stdout.
#pragma once

#include <ddbproxy/diagnostics.h>

#include "app/options.h"

namespace ddbproxy::app {

/// Prints every diagnostic through the console, in haproxy's words; with an excerpt of its line where asked for.
void report(const Diagnostics& diagnostics, const Options& options);

}  // namespace ddbproxy::app
