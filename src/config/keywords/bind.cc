// Options of `bind` and `stats socket` (manual 5.1).
#include <fmt/format.h>

#include "base/text.h"
#include "config/context.h"
#include "config/idle_number.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Bind;
using model::CliLevel;

/// "'name' : missing name": every option of bind begins its complaints with itself.
void complain(Line& line, std::string_view text) { line.alert(fmt::format("'{}' : {}", line.keyword(), text)); }

/// The next word, or a complaint that `what` is missing.
std::string_view required(Line& line, std::string_view what) {
  if (line.peek().empty()) complain(line, fmt::format("missing {}", what));
  return line.take();
}

template <std::string Bind::*member, const auto& what>
void text(Line& line, Bind& bind) {
  bind.*member = required(line, what);
}
constexpr unsigned most_threads = 64;
constexpr char interface_name[] = "interface name", plain_name[] = "name";

template <uint32_t Bind::*member>
void count(Line& line, Bind& bind) {
  const std::string_view word = required(line, "value");
  const auto value = static_cast<int>(loose_number(line, word));  // haproxy keeps 32 bits
  if (value < 0)
    complain(line, fmt::format("invalid value {}, must be {} 0", value, member == &Bind::backlog ? ">" : ">="));
  else
    bind.*member = static_cast<uint32_t>(value);
}

void id(Line& line, Bind& bind) {
  if (line.peek().empty()) return complain(line, "expects an integer argument");
  if (bind.listeners.size() != 1) {
    line.alert("'id' can only be used with a single socket");
    return;
  }
  const std::string_view word = line.take();
  const auto value = whole_number(word);
  if (!value)
    complain(line, fmt::format("expects an integer argument, found '{}'", word));
  else if (static_cast<int>(*value) <= 0)
    complain(line, "custom id has to be > 0");
  else
    bind.id = static_cast<uint32_t>(*value);
}

void level(Line& line, Bind& bind) {
  const std::string_view word = required(line, "level");
  if (word == "user")
    bind.level = CliLevel::user;
  else if (word == "operator")
    bind.level = CliLevel::operator_;
  else if (word == "admin")
    bind.level = CliLevel::admin;
  else if (!word.empty())
    line.alert(fmt::format("'level' only supports 'user', 'operator', and 'admin' (got '{}')", word));
}

void severity_output(Line& line, Bind& bind) {
  const std::string_view word = required(line, "severity format");
  if (word == "none" || word == "number" || word == "string")
    bind.severity_output = word;
  else if (!word.empty())
    line.alert(fmt::format("'severity-output' only supports 'none', 'number', and 'string' (got '{}')", word));
}

void expose_fd(Line& line, Bind& bind) {
  const std::string_view word = required(line, "fd type");
  if (word == "listeners")
    bind.expose_listeners = true;
  else if (!word.empty())
    line.alert(fmt::format("'expose-fd' only supports 'listeners' (got '{}')", word));
}

void mode(Line& line, Bind& bind) {
  const std::string_view word = line.take();
  if (const auto value = whole_number(word, 8))
    bind.mode = static_cast<mode_t>(*value);
  else
    complain(line, fmt::format("missing or invalid mode '{}' (octal integer expected)", word));
}

void user(Line& line, Bind& bind) {
  const std::string name(required(line, "user name"));
  bind.uid = line.context().outside.user(name);
  if (!bind.uid && !name.empty()) complain(line, fmt::format("unknown user name '{}'", name));
}

void group(Line& line, Bind& bind) {
  const std::string name(required(line, "group name"));
  bind.gid = line.context().outside.group(name);
  if (!bind.gid && !name.empty()) complain(line, fmt::format("unknown group name '{}'", name));
}

template <std::optional<uint32_t> Bind::*member>
void id(Line& line, Bind& bind) {
  const std::string_view word = required(line, "value");
  bind.*member = read_id_number(line, word, loose_number(line, word));
}

void mss(Line& line, Bind& bind) {
  const std::string_view word = required(line, "MSS value");
  if (word.empty()) return;
  const auto value = wrapped_number(word);
  if (value == 0 || value < -65535 || value > 65535)
    return complain(line, "expects an MSS with and absolute value between 1 and 65535");
  loose_number(line, word);
  bind.mss = value;
}

void tcp_ut(Line& line, Bind& bind) {
  static const TimeWording wording{"'{k}' : missing TCP User Timeout value",
                                   "'{k}' : expects a positive delay in milliseconds", timer_overflow};
  if (const auto value = read_time(line, std::chrono::milliseconds(1), wording))
    bind.tcp_ut = std::chrono::duration_cast<model::Milliseconds>(*value);
}

void shards(Line& line, Bind& bind) {
  const std::string_view word = required(line, "value");
  if (word.empty()) return;
  const auto value = wrapped_number(word);
  if (word == "by-thread")
    bind.shards = 0;
  else if (value < 1 || value > 64)
    complain(line, fmt::format("invalid value {}, allowed range is 1..64 or 'by-thread'", value));
  else
    bind.shards = static_cast<int>(loose_number(line, word));
}

void nice(Line& line, Bind&) {
  if (line.peek().empty()) return complain(line, "missing value");
  if (const int value = wrapped_number(line.take()); value < -1024 || value > 1024)
    complain(line, fmt::format("invalid value {}, allowed range is -1024..1024", value));
  else
    say_no_effect(line);
}

void netscaler(Line& line, Bind& bind) {
  const std::string_view word = required(line, "value");
  if (word.empty()) return;
  if (wrapped_number(word) == 0) return complain(line, "invalid value 0, must be >= 0");
  bind.netscaler_magic = static_cast<uint32_t>(loose_number(line, word));
}

/// "<threads>", or "<group>/<threads>" of the only group. Several add up, but all or none must name the group.
void thread(Line& line, Bind& bind) {
  const std::string_view word = line.take();
  const size_t slash = word.find('/');
  const std::string_view group = word.substr(0, slash), threads = slash == word.npos ? word : word.substr(slash + 1);
  if (bind.threads && bind.thread_group != (slash != word.npos))
    line.alert(fmt::format("'{}' multiple thread-groups are not supported", word));
  else if (slash != word.npos && group.find_first_not_of("0123456789") == group.npos && wrapped_number(group) != 1)
    line.alert(fmt::format("'{}' thread-group number must be between 1 and 1 (was {})", word, wrapped_number(group)));
  else if (slash != word.npos && group != "1")
    line.alert(fmt::format("'{0}' : '{0}' is not a valid number/range.", word));
  else if (const std::string error = read_numbers(threads, most_threads, bind.threads); !error.empty())
    line.alert(fmt::format("'{}' : {}", threads, error));
  else
    bind.thread_group = bind.thread_group || slash != word.npos;
}

void network_namespace(Line& line, Bind& bind) {
  const std::string name(required(line, "namespace id"));
  if (name.empty()) return;
  if (line.context().outside.network_namespace(name)) return void(bind.network_namespace = name);
  line.report(Severity::alert, fmt::format("Cannot open namespace '{}'.", name));
  constexpr std::string_view failed = "error encountered while processing 'namespace'";
  if (line.context().section == in_global)
    line.report(Severity::alert, fmt::format("parsing [{}] : 'stats socket' : {}", line.place(), failed));
  else
    line.alert(fmt::format("{}.", failed));
}

/// Processes are gone from haproxy: only those forms are left that name the only one.
void process(Line& line, Bind& bind) {
  const std::string_view word = line.take();
  const size_t slash = word.find('/');
  const std::string_view threads = slash == word.npos ? "" : word.substr(slash + 1);
  uint64_t processes = 0;
  std::string error = read_numbers(word.substr(0, slash), 1, processes);
  if (error.empty() && slash != word.npos) error = read_numbers(threads, most_threads, bind.threads);
  if (!error.empty()) return complain(line, error);
  line.warning(fmt::format("'process {}' on 'bind' lines is deprecated and will be removed in 2.7.{}", word,
                           slash == word.npos ? "" : fmt::format(" Please use 'thread {}' instead.", threads)));
}

void proto(Line& line, Bind&) {
  const std::string_view word = line.take();
  if (word.empty())
    complain(line, "missing value");
  else if (word == "h1" || word == "h2" || word == "fcgi" || word == "spop")
    line.alert(fmt::format("'proto {}' is not supported by ddbproxy yet.", word));
  else if (word != "none")
    complain(line, fmt::format(" unknown MUX protocol '{}'", word));
}

constexpr Keyword<Bind> rows[] = {
    {.name = "accept-netscaler-cip",
     .syntax = "<magic>",
     .parse = netscaler,
     .doc = "Expects a NetScaler Client IP header before the data of each connection."},
    {.name = "accept-proxy",
     .syntax = "",
     .parse = flag<&Bind::accept_proxy>,
     .doc = "Expects a PROXY protocol header before the data of each connection."},
    {.name = "backlog",
     .syntax = "<number>",
     .parse = count<&Bind::backlog>,
     .doc = "Length of the kernel's queue of new connections."},
    {.name = "defer-accept",
     .syntax = "",
     .parse = flag<&Bind::defer_accept>,
     .doc = "Takes a connection only once it has sent data."},
    {.name = "expose-fd",
     .syntax = "listeners",
     .parse = expose_fd,
     .doc = "Hands the listening sockets to a new process that is started with -x."},
    {.name = "gid", .syntax = "<id>", .parse = id<&Bind::gid>, .doc = "Group of a UNIX socket, by number."},
    {.name = "group", .syntax = "<name>", .parse = group, .doc = "Group of a UNIX socket, by name."},
    {.name = "id", .syntax = "<number>", .parse = id, .doc = "Number of the socket in statistics."},
    {.name = "interface",
     .syntax = "<name>",
     .parse = text<&Bind::interface, interface_name>,
     .doc = "Takes only connections that arrive by this network interface."},
    {.name = "level",
     .syntax = "{user|operator|admin}",
     .parse = level,
     .doc = "What clients of a runtime socket may do."},
    {.name = "maxconn",
     .syntax = "<number>",
     .parse = count<&Bind::maxconn>,
     .doc = "Most connections of this socket at a time."},
    {.name = "mode", .syntax = "<octal>", .parse = mode, .doc = "Permissions of a UNIX socket."},
    {.name = "mss", .syntax = "<number>", .parse = mss, .doc = "Largest TCP segment that is announced."},
    {.name = "name",
     .syntax = "<name>",
     .parse = text<&Bind::name, plain_name>,
     .doc = "The name of the socket in statistics."},
    {.name = "namespace",
     .syntax = "<name>",
     .parse = network_namespace,
     .doc = "The network namespace that it listens in, one under /var/run/netns."},
    {.name = "nice",
     .syntax = "<number>",
     .support = Support::ignored,
     .parse = nice,
     .doc = "Priority in haproxy's scheduler, which has no like here."},
    {.name = "process",
     .syntax = "{all|1}[/<threads>]",
     .support = Support::ignored,
     .parse = process,
     .doc = "Left from the time of several processes, accepted with a warning; the threads are as in `thread`."},
    {.name = "proto",
     .syntax = "<name>",
     .parse = proto,
     .doc = "The protocol to speak whatever else says; only none is supported."},
    {.name = "severity-output",
     .syntax = "{none|number|string}",
     .parse = severity_output,
     .doc = "Whether answers of a runtime socket begin with their severity."},
    {.name = "shards",
     .syntax = "{<number>|by-thread}",
     .parse = shards,
     .doc = "How many sockets share each address."},
    {.name = "tcp-ut",
     .syntax = "<time>",
     .parse = tcp_ut,
     .doc = "Longest wait for the acknowledgement of sent data."},
    {.name = "tfo", .syntax = "", .parse = flag<&Bind::tfo>, .doc = "Allows TCP Fast Open."},
    {.name = "thread",
     .syntax = "<threads>",
     .parse = thread,
     .doc = "Threads that serve the socket: all, odd, even, a number or a range."},
    {.name = "transparent",
     .syntax = "",
     .parse = flag<&Bind::transparent>,
     .doc = "Allows addresses that are not this machine's."},
    {.name = "uid", .syntax = "<id>", .parse = id<&Bind::uid>, .doc = "Owner of a UNIX socket, by number."},
    {.name = "user", .syntax = "<name>", .parse = user, .doc = "Owner of a UNIX socket, by name."},
    {.name = "v4v6",
     .syntax = "",
     .parse = flag<&Bind::v4v6>,
     .doc = "Takes IPv4 connections on an IPv6 wildcard address, too."},
    {.name = "v6only", .syntax = "", .parse = flag<&Bind::v6only>, .doc = "Takes only IPv6 connections."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Bind> bind_table{"bind option", rows};

}  // namespace ddbproxy::config
