// Reads an haproxy configuration into a model. Never throws, prints or exits.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/diagnostics.h>
#include <ddbproxy/environment.h>
#include <ddbproxy/model.h>
#include <ddbproxy/outside.h>

namespace ddbproxy {

struct ParseOptions {
  std::string local_peer;          ///< -L; empty: the host's name
  bool diagnose = false;           ///< -dD: also what is only suspicious
  bool ignore_unresolved = false;  ///< -dr
  bool resolve_names = true;       ///< Look up host names of servers and log targets, users and groups.
  bool nosplice = false;           ///< -dS
  bool master_worker = false;      ///< -W
  bool portable = false;           ///< --portable: words that haproxy 2.6 does not know are errors.
  uint32_t default_maxconn = 0;    ///< -N
  /// The variables that the file finds, before it sets or drops some (setenv, presetenv, unsetenv, resetenv).
  Environment environment = Environment::of_process();
  /// Whom files, users, groups and hosts are asked of. Null: the machine, as this process sees it.
  Outside* outside = nullptr;
  /// What runs, when it is to be brought up to date: what files of server states have said of its servers holds, and no
  /// such file is read. Null at a start.
  std::shared_ptr<const model::Model> running = {};
  /// How many connections the process can hold; asked once, when all lines are read. Without it: what the file says.
  std::function<uint32_t(const model::Model&)> maxconn = {};
};

struct ParseResult {
  std::shared_ptr<const model::Model> model;  ///< Null when a diagnostic is an alert.
  Diagnostics diagnostics;
  bool no_listener = false;  ///< Valid, but nothing to start: haproxy's exit status 2.
  /// Valid, but a start fails for these reasons, in haproxy's words.
  std::vector<std::string> start_failures;
};

/// Reads the sources in their order, as if they were one configuration. Safe from any thread, while others run: it
/// changes nothing of the process. What becomes of its environment stands in the model.
ParseResult parse(std::vector<SourceFile> sources, const ParseOptions& options = {});

/// `-cc`: 1 true, 0 false, -1 not a condition (the reason is in `error`, whole).
int evaluate_condition(const std::string& condition, std::string& error,
                       const Environment& environment = Environment::of_process());

}  // namespace ddbproxy
