// Rows of the section "global": the process, its rights, its limits, its log (manual 3).
#include <fmt/format.h>

#include "base/host_name.h"
#include "base/text.h"
#include "config/context.h"
#include "config/idle_number.h"
#include "config/log_reader.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;

constexpr auto planned = Support::planned;
constexpr uint8_t global = in_global;

/// What follows is read without a word, except to a verbose reader.
void quiet(Line& line, Global& g) {
  g.quiet = true;
  line.context().diagnostics.hush();
}

void report(Line& line, std::string_view text) {
  line.report(Severity::alert, fmt::format("parsing [{}]: {}", line.place(), text));
}

void idle(Line&, Global&) {}
void spread_time(Line& line, Global&) {
  if (read_time(line, std::chrono::milliseconds(1), argument_wording)) say_no_effect(line);
}
void no_addrinfo(Line& line, Global&) { say_no_effect(line); }

void master_worker(Line& line, Global& g) {
  if (const std::string_view word = line.take(); word == "no-exit-on-failure")
    g.exit_on_failure = false;
  else if (!word.empty())
    return void(line.alert("'master-worker' only supports 'no-exit-on-failure' option."));
  g.master_worker = true;
}

/// haproxy goes on without a number that it does not like.
void max_reloads(Line& line, Global& g) {
  if (!line.word(2).empty())
    line.alert(fmt::format("'mworker-max-reloads' cannot handle unexpected argument '{}'.", line.word(2)), 2)
        .tolerated = true;
  else if (line.peek().empty())
    line.warning("'mworker-max-reloads' expects an integer argument.");
  else if (const long long value = loose_number(line, line.take()); value < 0)
    line.warning(fmt::format("'mworker-max-reloads' : invalid value {}, must be >= 0", value));
  else
    g.max_reloads = static_cast<uint32_t>(std::min<long long>(value, UINT32_MAX));
}

void nbthread(Line& line, Global& g) {
  const std::string_view word = line.take();
  const auto value = whole_number(word);
  if (!value)
    line.alert(fmt::format("'nbthread' passed a missing or unparsable integer value in '{}'", word));
  else if (*value < 1 || *value > 64)
    line.alert(fmt::format("'nbthread' value must be between 1 and 64 (was {})", *value));
  else
    g.nbthread = static_cast<int>(*value);
}

/// A text that may be set once.
template <std::string Global::*member, const auto& expects>
void text_once(Line& line, Global& g) {
  if (line.peek().empty())
    line.alert(fmt::format("'{}' {}", line.keyword(), expects), line.position());
  else if (!(g.*member).empty())
    say_already_specified(line);
  else
    g.*member = line.take();
}
constexpr char chroot_text[] = "expects a directory as an argument.",
               pidfile_text[] = "expects a file name as an argument.",
               state_base_text[] = "expects one argument: a directory path.",
               state_file_text[] = "expect one argument: a file path.";

// haproxy takes the ids 0 as not set.
bool has_user(Line& line, const Global& g) {
  if (!g.uid.value_or(0)) return false;
  return line.alert("user/uid already specified. Continuing.").tolerated = true;
}
bool has_group(Line& line, const Global& g) {
  if (!g.gid.value_or(0)) return false;
  return line.alert("gid/group was already specified. Continuing.").tolerated = true;
}

template <class Id>
void read_id(Line& line, std::optional<Id>& id, std::string_view other) {
  if (line.peek().empty())
    return void(line.alert(fmt::format("'{}' expects an integer argument.", line.keyword()), line.position()));
  const std::string_view word = line.take();
  const auto value = base::parse_integer(word);
  // haproxy warns of one that is too large, and goes on as root.
  const size_t sign = word.starts_with('-') ? 1 : 0;
  const bool digits = word.size() > sign && word.find_first_not_of("0123456789", sign) == word.npos;
  if (digits) {
    if (const auto number = read_id_number(line, word, value.value_or(-1))) id = *number;
    return;
  }
  if (word != "-")
    line.warning(fmt::format(
        " {}: string '{}' is not a number.\n   | You might want to use the '{}' parameter to use a system {} name.",
        line.keyword(), word, other, other));
  id = 0;
}

void uid(Line& line, Global& g) {
  if (!has_user(line, g)) read_id(line, g.uid, "user");
}
void gid(Line& line, Global& g) {
  if (!has_group(line, g)) read_id(line, g.gid, "group");
}

void user(Line& line, Global& g) {
  if (has_user(line, g)) return;
  const std::string name(line.take());
  g.uid = line.context().outside.user(name);
  if (!g.uid) line.alert(fmt::format("cannot find user id for '{}' (0:Success)", name));
}

void group(Line& line, Global& g) {
  if (has_group(line, g)) return;
  const std::string name(line.take());
  g.gid = line.context().outside.group(name);
  if (!g.gid) line.alert(fmt::format("cannot find group id for '{}' (0:Success)", name));
}

void log(Line& line, Global& g) {
  if (line.prefix() != Prefix::none) {
    if (!line.peek().empty() && line.negated())
      line.alert("log : 'no log' does not expect arguments", line.position());
    else
      g.logs.clear();
    return;
  }
  if (line.peek() == "global") {
    line.alert("log : 'global' is not supported for a global syslog server", line.position());
    return;
  }
  if (auto target = read_log_target(line, true)) g.logs.push_back(std::move(*target));
}

void log_tag(Line& line, Global& g) {
  if (auto tag = read_string(line, "a tag for use in syslog.")) g.log_tag = std::move(*tag);
}

void log_send_hostname(Line& line, Global& g) {
  if (g.send_hostname) return say_already_specified(line);
  g.send_hostname = true;
  g.log_send_hostname = line.take();
  if (g.log_send_hostname.empty()) g.log_send_hostname = base::host_name();
}

void node(Line& line, Global& g) {
  if (!is_node_name(line.peek()))
    return report(
        line,
        "'node' requires valid node name - non-empty string with digits(0-9), letters(A-Z, a-z), dot(.), hyphen(-) or "
        "underscode(_).");
  g.node = line.take();
}

void description(Line& line, Global& g) {
  if (line.peek().empty()) return report(line, "'description' expects a string argument.");
  g.description = line.take();
  while (!line.done()) g.description += " " + std::string(line.take());
}

/// The sections of peers that follow take it from the environment.
void localpeer(Line& line, Global&) {
  auto name = read_string(line, "a name as an argument.");
  if (!name) return;
  if (!line.context().options.local_peer.empty())
    line.warning("'localpeer' ignored since it is already set by using the '-L' command line argument.");
  else if (!line.context().model->peers.empty())
    line.warning("'localpeer' ignored since it is used after 'peers' section.");
  else
    line.context().environment().set("HAPROXY_LOCALPEER", *name);
}

void spread_checks(Line& line, Global& g) {
  if (g.spread_checks) {
    line.report(Severity::alert,
                fmt::format("parsing [{}]: spread-checks already specified. Continuing.", line.place()))
        .tolerated = true;
    return;
  }
  if (line.peek().empty()) return report(line, "'spread-checks' expects an integer argument (0..50).");
  const long long value = loose_number(line, line.take());
  g.spread_checks = static_cast<int>(value);
  if (value < 0 || value > 50) report(line, "'spread-checks' needs a positive value in range 0..50.");
}

void max_spread_checks(Line& line, Global& g) {
  if (line.peek().empty()) return report(line, "'max-spread-checks' expects an integer argument (0..50).");
  static constexpr TimeWording wording{
      "", "unsupported character '{c}' in 'max-spread-checks' (wants an integer delay).",
      "timer overflow in argument <{w}> to <{k}>, maximum value is 2147483647 ms (~24.8 days)."};
  line.introduce(fmt::format("parsing [{}]: ", line.place()));
  if (const auto value = read_time(line, std::chrono::milliseconds(1), wording))
    g.max_spread_checks = std::chrono::duration_cast<model::Milliseconds>(*value);
}

/// `unix-bind`: pairs of a setting and its value.
void unix_bind(Line& line, Global& g) {
  while (!line.peek().empty()) {
    const std::string_view setting = line.take();
    const std::string value(line.take());
    if (setting == "prefix") {
      if (value.empty()) return void(line.alert("unix_bind 'prefix' expects a path as an argument."));
      g.unix_bind_prefix = value;
    } else if (setting == "mode") {
      g.unix_bind_mode = static_cast<mode_t>(std::strtol(value.c_str(), nullptr, 8));
    } else if (setting == "uid") {
      g.unix_bind_uid = read_id_number(line, value, loose_number(line, value));
    } else if (setting == "gid") {
      g.unix_bind_gid = read_id_number(line, value, loose_number(line, value));
    } else if (setting == "user") {
      g.unix_bind_uid = line.context().outside.user(value);
      if (!g.unix_bind_uid) return void(line.alert(fmt::format("'unix-bind' : '{}' unknown user.", value)));
    } else if (setting == "group") {
      g.unix_bind_gid = line.context().outside.group(value);
      if (!g.unix_bind_gid) return void(line.alert(fmt::format("'unix-bind' : '{}' unknown group.", value)));
    } else {
      return void(
          line.alert("'unix-bind' only supports the 'prefix', 'mode', 'uid', 'gid', 'user' and 'group' options."));
    }
  }
}

/// haproxy chooses a NUMA node by itself when told to; ddbproxy never does.
void numa(Line& line, Global&) {
  if (line.prefix() == Prefix::none)
    line.say(Severity::notice, "'numa-cpu-mapping' has no effect in ddbproxy: threads run on every CPU they may use.");
}

void thread_groups(Line& line, Global&) {
  const std::string_view word = line.take();
  const auto value = whole_number(word);
  if (!value)
    line.alert(fmt::format("'thread-groups' passed a missing or unparsable integer value in '{}'", word));
  else if (*value != 1)
    line.alert(fmt::format("'thread-groups' value must be between 1 and 1 (was {})", *value));
}

constexpr auto toggled = Prefixes::no_and_default;

constexpr Keyword<Global> rows[] = {
    {.name = "busy-polling",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::busy_polling>,
     .doc = "Keeps threads asking for events instead of sleeping.",
     .prefixes = toggled},
    {.name = "chroot",
     .syntax = "<directory>",
     .sections = global,
     .max_args = 1,
     .parse = text_once<&Global::chroot, chroot_text>,
     .doc = "Directory that the process confines itself to once it has started."},
    {.name = "close-spread-time",
     .syntax = "<time>",
     .sections = global,
     .support = Support::ignored,
     .parse = spread_time,
     .doc = "Time over which a stopping process of haproxy spreads the closing of idle HTTP clients."},
    {.name = "daemon",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::daemon>,
     .doc = "Runs in the background."},
    {.name = "description",
     .syntax = "<text>",
     .sections = global,
     .parse = description,
     .doc = "Text about this process for its statistics."},
    {.name = "expose-experimental-directives",
     .syntax = "",
     .sections = global,
     .parse = flag<&Global::expose_experimental>,
     .doc = "Permits experimental words; none is supported yet."},
    {.name = "external-check",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::external_check>,
     .doc = "Permits checks by programs."},
    {.name = "fd-hard-limit",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::fd_hard_limit>,
     .doc = "Most file descriptors that the process asks for."},
    {.name = "gid",
     .syntax = "<id>",
     .sections = global,
     .max_args = 1,
     .parse = gid,
     .doc = "Group that the process changes to, by number."},
    {.name = "grace",
     .syntax = "<time>",
     .sections = global,
     .parse = time<&Global::grace>,
     .doc = "How long a stopping process goes on listening."},
    {.name = "group",
     .syntax = "<name>",
     .sections = global,
     .max_args = 1,
     .parse = group,
     .doc = "Group that the process changes to, by name."},
    {.name = "hard-stop-after",
     .syntax = "<time>",
     .sections = global,
     .parse = time<&Global::hard_stop_after>,
     .doc = "How long a stopping process waits for its sessions, and one that was reloaded in place for those of "
            "servers, proxies and listeners that are gone."},
    {.name = "insecure-fork-wanted",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::insecure_fork_wanted>,
     .doc = "Permits the process to start others once it runs.",
     .prefixes = toggled},
    {.name = "insecure-setuid-wanted",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::insecure_setuid_wanted>,
     .doc = "Permits the process to gain rights by a program that it starts.",
     .prefixes = toggled},
    {.name = "localpeer",
     .syntax = "<name>",
     .sections = global,
     .max_args = 1,
     .parse = localpeer,
     .doc = "This process's name among its peers."},
    {.name = "log",
     .syntax = "<address> [len <length>] [format <format>] [sample <ranges>:<size>] <facility> [<level> [<minlevel>]]",
     .sections = global,
     .parse = log,
     .doc = "Where log lines of the process are sent.",
     .prefixes = toggled},
    {.name = "log-send-hostname",
     .syntax = "[<name>]",
     .sections = global,
     .parse = log_send_hostname,
     .doc = "Puts a host name in log messages."},
    {.name = "log-tag",
     .syntax = "<tag>",
     .sections = global,
     .max_args = 1,
     .parse = log_tag,
     .doc = "Name of the program in log messages."},
    {.name = "master-worker",
     .syntax = "[no-exit-on-failure]",
     .sections = global,
     .max_args = 1,
     .parse = master_worker,
     .doc = "Runs a master process that starts, watches and replaces the one that works (-W)."},
    {.name = "max-spread-checks",
     .syntax = "<time>",
     .sections = global,
     .max_args = 1,
     .parse = max_spread_checks,
     .doc = "Longest time that checks are spread over."},
    {.name = "maxconn",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::maxconn>,
     .doc = "Most connections of the whole process at a time."},
    {.name = "maxconnrate",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::maxconnrate>,
     .doc = "Most new connections of the process in a second."},
    {.name = "maxpipes",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::maxpipes>,
     .doc = "Most pipes that move data through the kernel."},
    {.name = "maxsessrate",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::maxsessrate>,
     .doc = "Most new sessions of the process in a second."},
    {.name = "mworker-max-reloads",
     .syntax = "<number>",
     .sections = global,
     .parse = max_reloads,
     .doc = "Most reloads that an old worker may live through under a master."},
    {.name = "nbthread",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = nbthread,
     .doc = "Worker threads; without it, as many as the CPUs it may use."},
    {.name = "no-memory-trimming",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = idle,
     .doc = "Keeps haproxy from giving memory back at a reload; ddbproxy never does."},
    {.name = "node",
     .syntax = "<name>",
     .sections = global,
     .max_args = 1,
     .parse = node,
     .doc = "This machine's name in statistics."},
    {.name = "noepoll",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::noepoll>,
     .doc = "Does without epoll."},
    {.name = "noevports",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = idle,
     .doc = "Does without event ports, which Linux has not."},
    {.name = "nogetaddrinfo",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .support = Support::ignored,
     .parse = no_addrinfo,
     .doc = "Looks names up by another function of the system."},
    {.name = "nokqueue",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = idle,
     .doc = "Does without kqueue, which Linux has not."},
    {.name = "nopoll",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::nopoll>,
     .doc = "Does without poll."},
    {.name = "noreuseport",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::noreuseport>,
     .doc = "Keeps other processes from listening on the same ports."},
    {.name = "nosplice",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::nosplice>,
     .doc = "Moves no data through the kernel."},
    {.name = "numa-cpu-mapping",
     .syntax = "",
     .sections = global,
     .support = Support::ignored,
     .parse = numa,
     .doc = "Keeps threads on one NUMA node; ignored with a warning.",
     .prefixes = toggled},
    {.name = "pidfile",
     .syntax = "<file>",
     .sections = global,
     .max_args = 1,
     .parse = text_once<&Global::pidfile, pidfile_text>,
     .doc = "File that the process's id is written to."},
    {.name = "pp2-never-send-local",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::pp2_never_send_local>,
     .doc = "Checks never say LOCAL in PROXY headers of version 2."},
    {.name = "profiling.tasks",
     .syntax = "{on|auto|off}",
     .sections = global,
     .support = planned,
     .doc = "Measures the time of tasks."},
    {.name = "quiet",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = quiet,
     .doc = "Prints nothing at start."},
    {.name = "reload-on-change",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::reload_on_change>,
     .doc = "Watches the files and directories of -f; when one has changed, and has stayed as it is for a second, they "
            "are "
            "loaded as by SIGUSR2.",
     .own = true},
    {.name = "server-state-base",
     .syntax = "<directory>",
     .sections = global,
     .parse = text_once<&Global::server_state_base, state_base_text>,
     .doc = "Directory of the files with states of servers whose names begin with no slash."},
    {.name = "server-state-file",
     .syntax = "<file>",
     .sections = global,
     .parse = text_once<&Global::server_state_file, state_file_text>,
     .doc = "The file that has the states of all servers, as `show servers state` has written it; read at a start for "
            "the proxies that say `load-server-state-from-file global`. A reload in place keeps what it knows."},
    {.name = "set-dumpable",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::set_dumpable>,
     .doc = "Permits core dumps of the process.",
     .prefixes = toggled},
    {.name = "spread-checks",
     .syntax = "<percent>",
     .sections = global,
     .max_args = 1,
     .parse = spread_checks,
     .doc = "By how much the time between checks varies."},
    {.name = "stats",
     .syntax = "{socket|timeout|maxconn} ...",
     .sections = global,
     .doc = "The runtime API's sockets.",
     .words = &stats_socket_table},
    {.name = "strict-limits",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::strict_limits>,
     .doc = "Refuses to start when limits of the system are too low.",
     .prefixes = toggled},
    {.name = "thread-groups",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = thread_groups,
     .doc = "Groups of threads; only one is supported, as in haproxy 2.6."},
    {.name = "uid",
     .syntax = "<id>",
     .sections = global,
     .max_args = 1,
     .parse = uid,
     .doc = "User that the process changes to, by number."},
    {.name = "ulimit-n",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = integer_once<&Global::ulimit_n>,
     .doc = "File descriptors that the process asks for."},
    {.name = "unix-bind",
     .syntax = "[prefix <path>] [mode <mode>] [user <name>] [uid <id>] [group <name>] [gid <id>]",
     .sections = global,
     .parse = unix_bind,
     .doc = "Where UNIX sockets are made, and whose they are."},
    {.name = "user",
     .syntax = "<name>",
     .sections = global,
     .max_args = 1,
     .parse = user,
     .doc = "User that the process changes to, by name."},
    {.name = "zero-warning",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag<&Global::zero_warning>,
     .doc = "Refuses to start when there are warnings."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Global> global_table{"global", rows};

}  // namespace ddbproxy::config
