// Reads an haproxy configuration into a model. Never throws, prints or exits.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/diagnostics.h>
#include <ddbproxy/model.h>

namespace ddbproxy {

struct ParseOptions {
  std::string local_peer;          ///< -L; empty: the host's name
  bool diagnose = false;           ///< -dD: also what is only suspicious
  bool ignore_unresolved = false;  ///< -dr
  bool resolve_names = true;       ///< Look up host names of servers and log targets, users and groups.
  bool nosplice = false;           ///< -dS
  bool master_worker = false;      ///< -W
  uint32_t default_maxconn = 0;    ///< -N
  /// How many connections the process can hold; asked once, when all lines are read. Without it: what the file says.
  std::function<uint32_t(const model::Model&)> maxconn = {};
};

struct ParseResult {
  std::shared_ptr<const model::Model> model;  ///< Null when a diagnostic is an alert.
  Diagnostics diagnostics;
  bool no_listener = false;  ///< Valid, but nothing to start: haproxy's exit status 2.
};

/// Reads the sources in their order, as if they were one configuration. Safe from any thread; sets environment
/// variables of the process where the configuration says so (setenv, presetenv, unsetenv, resetenv).
ParseResult parse(std::vector<SourceFile> sources, const ParseOptions& options = {});

/// `-cc`: 1 true, 0 false, -1 not a condition (the reason is in `error`, whole).
int evaluate_condition(const std::string& condition, std::string& error);

}  // namespace ddbproxy
