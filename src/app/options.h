// The command line: haproxy 2.6's flags and a few long options of ddbproxy's own, each one row of one table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include <ddbproxy/environment.h>

namespace ddbproxy::app {

/// What the command line asks for. Plain values; nothing has been done yet.
struct Options {
  std::vector<std::string> files;  ///< -f and everything after --
  std::string directory;           ///< -C
  std::string pidfile, local_peer, condition, memory_debug, dump_keywords;
  bool check = false, evaluate = false, quiet = false, verbose = false, daemon = false, foreground = false,
       debug = false;
  bool no_epoll = false, no_poll = false;  ///< -de, -dp
  bool no_splice = false, no_reuseport = false, warnings_fatal = false, diagnose = false, ignore_unresolved = false;
  bool dump_libraries = false;
  int version = 0;  ///< 1: -v, 2: -vv
  uint32_t maxconn = 0, default_maxconn = 0, memory_mb = 0;
  std::vector<pid_t> old_pids;
  bool terminate_old = false;                          ///< -st rather than -sf
  bool master_worker = false, notify_systemd = false;  ///< -W; -Ws is both
  std::vector<std::string> master_sockets;             ///< -S
  std::string sockets_from;                            ///< -x: the `stats socket` of the process of before
  bool overwrote_sockets_from = false;

  /// What the process was started with: every reading of the configuration begins with that.
  Environment environment = Environment::of_process();

  // ddbproxy's own
  bool json = false;                                                                       ///< --json
  bool portable = false;                                                                   ///< --portable
  enum class Explain : uint8_t { automatic, always, never } explain = Explain::automatic;  ///< --explain, --no-explain
  bool help = false;                                                                       ///< --help
};

/// How reading the command line ended.
struct OptionsResult {
  enum class Outcome : uint8_t {
    run,    ///< do what the options say
    usage,  ///< version lines on stdout, usage on stderr, exit 1
    error,  ///< `message` as an alert, exit 1
  };
  Outcome outcome = Outcome::run;
  std::string message;
};

/// Reads argv into options. Pure: neither prints nor exits.
OptionsResult parse_options(int argc, const char* const* argv, Options& options);

/// haproxy's usage text followed by ddbproxy's own options, from the table.
std::string usage(std::string_view program);

}  // namespace ddbproxy::app
