#include "app/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>

namespace ddbproxy::app {
namespace {

/// How a flag takes its argument. haproxy looks at a flag's first letters only, so "-cfoo" is "-c" (Match::prefix).
enum class Argument : uint8_t {
  none,
  value,     ///< the next word
  attached,  ///< the rest of the word: -dM<byte>
  pids,      ///< all following words that begin with a digit
};
enum class Match : uint8_t { whole, prefix };

struct Flag {
  const char* name;
  Match match;
  Argument argument;
  void (*apply)(Options&, const std::string& value);
  const char* help;
  const char* argument_name = "";
};

uint32_t number(const std::string& text) { return static_cast<uint32_t>(std::strtoul(text.c_str(), nullptr, 10)); }
void nothing(Options&, const std::string&) {}
void add_pid(Options& o, const std::string& text) {
  if (const uint32_t pid = number(text)) o.old_pids.push_back(static_cast<pid_t>(pid));
}

// Longer names first: the first row that matches a word is the one.
constexpr Flag flags[] = {
    {"vv", Match::whole, Argument::none, [](Options& o, auto&) { o.version = 2; },
     "displays version and known build options"},
    {"v", Match::prefix, Argument::none, [](Options& o, auto&) { o.version = std::max(o.version, 1); },
     "displays version"},
    {"f", Match::prefix, Argument::value, [](Options& o, auto& v) { o.files.push_back(v); },
     "reads this file, or the .cfg files of this directory", " <cfgfile|cfgdir>"},
    {"C", Match::prefix, Argument::value, [](Options& o, auto& v) { o.directory = v; },
     "changes to this directory before loading files", " <dir>"},
    {"cc", Match::prefix, Argument::value,
     [](Options& o, auto& v) {
       o.evaluate = true;
       o.condition = v;
     },
     "evaluates a condition and exits", " <condition>"},
    {"c", Match::prefix, Argument::none, [](Options& o, auto&) { o.check = true; },
     "only checks the configuration files and exits"},
    {"db", Match::prefix, Argument::none, [](Options& o, auto&) { o.foreground = true; },
     "only disables background mode"},
    {"dM", Match::prefix, Argument::attached, [](Options& o, auto& v) { o.memory_debug = "M" + v; },
     "memory debugging: poison with <byte>/0x50", "[<byte>,help,...]"},
    {"dK", Match::prefix, Argument::attached, [](Options& o, auto& v) { o.dump_keywords = v.empty() ? "help" : v; },
     "dumps the keywords of these classes (use 'help' for list)", "{class[,...]}"},
    {"dS", Match::prefix, Argument::none, [](Options& o, auto&) { o.no_splice = true; }, "disables splice usage"},
    {"dR", Match::prefix, Argument::none, [](Options& o, auto&) { o.no_reuseport = true; },
     "disables SO_REUSEPORT usage"},
    {"dW", Match::prefix, Argument::none, [](Options& o, auto&) { o.warnings_fatal = true; },
     "fails if any warning is emitted"},
    {"dD", Match::prefix, Argument::none, [](Options& o, auto&) { o.diagnose = true; },
     "warns about suspicious configuration statements"},
    {"dr", Match::prefix, Argument::none, [](Options& o, auto&) { o.ignore_unresolved = true; },
     "ignores server address resolution failures"},
    {"dL", Match::prefix, Argument::none, [](Options& o, auto&) { o.dump_libraries = true; },
     "dumps loaded object files after config checks"},
    {"dV", Match::prefix, Argument::none, nothing, "disables SSL verify on servers side (no server uses SSL yet)"},
    {"de", Match::prefix, Argument::none, [](Options& o, auto&) { o.no_epoll = true; },
     "disables epoll() usage even when available"},
    {"dp", Match::prefix, Argument::none, [](Options& o, auto&) { o.no_poll = true; },
     "disables poll() usage even when available"},
    {"dG", Match::prefix, Argument::none, nothing, "disables getaddrinfo() usage (has no effect)"},
    {"d", Match::prefix, Argument::none, [](Options& o, auto&) { o.debug = true; },
     "debug mode: stays in foreground and shows sessions"},
    {"V", Match::prefix, Argument::none, [](Options& o, auto&) { o.verbose = true; },
     "verbose mode (disables quiet mode)"},
    {"D", Match::prefix, Argument::none, [](Options& o, auto&) { o.daemon = true; }, "goes daemon"},
    {"q", Match::prefix, Argument::none, [](Options& o, auto&) { o.quiet = true; }, "quiet mode: displays no messages"},
    {"n", Match::prefix, Argument::value, [](Options& o, auto& v) { o.maxconn = number(v); },
     "sets the maximum total # of connections", " <maxconn>"},
    {"N", Match::prefix, Argument::value, [](Options& o, auto& v) { o.default_maxconn = number(v); },
     "sets the default, per-proxy maximum # of connections", " <maxpconn>"},
    {"m", Match::prefix, Argument::value, [](Options& o, auto& v) { o.memory_mb = number(v); },
     "limits the usable amount of memory (in MB)", " <max megs>"},
    {"L", Match::prefix, Argument::value, [](Options& o, auto& v) { o.local_peer = v; },
     "sets local peer name (default to hostname)", " <name>"},
    {"p", Match::prefix, Argument::value, [](Options& o, auto& v) { o.pidfile = v; }, "writes the pid to this file",
     " <pidfile>"},
    {"sf", Match::prefix, Argument::pids, add_pid, "finishes old pids once this process listens", " [pid]*"},
    {"st", Match::prefix, Argument::pids,
     [](Options& o, auto& v) {
       o.terminate_old = true;
       add_pid(o, v);
     },
     "terminates old pids once this process listens", " [pid]*"},
    {"S", Match::prefix, Argument::value, [](Options& o, auto& v) { o.master_sockets.push_back(v); },
     "binds the master CLI", " <bind>[,<bind options>...]"},
    {"x", Match::prefix, Argument::value,
     [](Options& o, auto& v) {
       o.overwrote_sockets_from |= !o.sockets_from.empty();
       o.sockets_from = v;
     },
     "gets listening sockets from a unix socket", " <unix_socket>"},
    {"Ws", Match::prefix, Argument::none, [](Options& o, auto&) { o.master_worker = o.notify_systemd = true; },
     "master-worker mode with systemd notify support"},
    {"W", Match::prefix, Argument::none, [](Options& o, auto&) { o.master_worker = true; }, "master-worker mode"},
};

const Flag* find(std::string_view word) {
  for (const Flag& flag : flags)
    if (flag.match == Match::whole ? word == flag.name : word.starts_with(flag.name)) return &flag;
  return nullptr;
}

std::string long_name(const Flag& flag) { return std::string("--haproxy.") + flag.name; }

/// Rewrites haproxy's single-dash flags as the long options under which CLI11 knows their rows; a value begins with
/// ':', so that an empty one is still a value to CLI11.
OptionsResult translate(int argc, const char* const* argv, std::vector<std::string>& words) {
  using Outcome = OptionsResult::Outcome;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") {
      for (++i; i < argc; ++i) words.push_back(long_name(*find("f")) + "=:" + argv[i]);
      return {};
    }
    if (word.starts_with("--")) {
      words.emplace_back(word);
      continue;
    }
    if (!word.starts_with('-') || word.size() < 2) return {Outcome::usage, {}};
    const Flag* flag = find(word.substr(1));
    if (!flag) return {Outcome::usage, {}};
    switch (flag->argument) {
      case Argument::none: words.push_back(long_name(*flag)); break;
      case Argument::attached:
        words.push_back(fmt::format("{}=:{}", long_name(*flag), word.substr(1 + std::strlen(flag->name))));
        break;
      case Argument::value:
        // haproxy takes the next word whatever it looks like, and words its lack so.
        if (i + 1 == argc) {
          if (flag->name[0] == 'x') return {Outcome::error, "Unix socket path expected with the -x flag\n"};
          if (flag->name == std::string_view("cc")) return {Outcome::usage, {}};
          return {Outcome::error, "failed to copy argv."};
        }
        words.push_back(long_name(*flag) + "=:" + argv[++i]);
        break;
      case Argument::pids:
        words.push_back(long_name(*flag) + "=:");
        while (i + 1 < argc && argv[i + 1][0] != '-') {
          const std::string_view pid = argv[++i];
          const size_t end = pid.find_first_not_of("0123456789");
          if (end != pid.npos)
            return {Outcome::error,
                    fmt::format("-{} option: some bytes unconsumed in PID list {{{}}}", flag->name, pid.substr(end))};
          words.push_back(fmt::format("{}=:{}", long_name(*flag), pid));
        }
        break;
    }
  }
  return {};
}

}  // namespace

std::string usage(std::string_view program) {
  std::string out = fmt::format(
      "Usage : {} [-f <cfgfile|cfgdir>]* [ -vdVD ] [ -n <maxconn> ] [ -N <maxpconn> ]\n"
      "        [ -p <pidfile> ] [ -m <max megs> ] [ -C <dir> ] [-- <cfgfile>*]\n",
      program);
  for (const Flag& flag : flags) out += fmt::format("        -{}{} {}\n", flag.name, flag.argument_name, flag.help);
  out +=
      "        --json only checks, and prints what was found as JSON on stdout\n"
      "        --portable only checks, whether haproxy 2.6 would take the files, too\n"
      "        --explain / --no-explain show the line of each message with a caret (default: on a terminal)\n"
      "        --help this text\n\n";
  return out;
}

OptionsResult parse_options(int argc, const char* const* argv, Options& options) {
  using Outcome = OptionsResult::Outcome;
  std::vector<std::string> words;
  if (OptionsResult early = translate(argc, argv, words); early.outcome != Outcome::run) return early;

  CLI::App parser;
  parser.set_help_flag();
  for (const Flag& flag : flags) {
    const auto apply = [&, row = &flag](const std::string& value) { row->apply(options, value); };
    if (flag.argument == Argument::none)
      parser.add_flag_callback(long_name(flag), [apply] { apply(""); });
    else
      parser
          .add_option_function<std::vector<std::string>>(long_name(flag),
                                                         [apply](const std::vector<std::string>& values) {
                                                           for (const std::string& value : values)
                                                             apply(value.substr(1));
                                                         })
          ->allow_extra_args(false)
          ->take_all();
  }
  parser.add_flag_callback("--json", [&] { options.json = options.check = true; });
  parser.add_flag_callback("--portable", [&] { options.portable = options.check = true; });
  parser.add_flag_callback("--explain", [&] { options.explain = Options::Explain::always; });
  parser.add_flag_callback("--no-explain", [&] { options.explain = Options::Explain::never; });
  parser.add_flag("--help", options.help);
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
    parser.parse(reversed);
  } catch (const CLI::ParseError&) {
    return {Outcome::usage, {}};
  }
  return {};
}

}  // namespace ddbproxy::app
