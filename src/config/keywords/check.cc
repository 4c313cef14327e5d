// Options of `server` and `default-server` about health: checks, tracking, passive observation (manual 5.2).
#include <fmt/format.h>

#include "base/text.h"
#include "config/address_reader.h"
#include "config/context.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Check;
using model::Milliseconds;
using model::Observe;
using model::OnError;
using model::Server;

template <bool Check::*member, bool value>
void set(Line&, Server& server) {
  server.check.*member = value;
}

/// inter, fastinter and downinter: more than nothing. haproxy names agent-inter in one of its complaints, whichever it
/// reads.
std::optional<Milliseconds> read_interval(Line& line, const Server& server) {
  if (line.peek().empty()) {
    line.alert(fmt::format("'{}' expects a delay as argument..", line.keyword()));
    return {};
  }
  const std::string unexpected =
      fmt::format("unexpected character '{{c}}' in 'agent-inter' argument of server {}..", server.name);
  const std::string overflow = fmt::format(
      "timer overflow in argument <{{w}}> to <{{k}}> of server {}, maximum value is 2147483647 ms (~24.8 days)..",
      server.name);
  const auto value = read_time(line, std::chrono::milliseconds(1), {"", unexpected.c_str(), overflow.c_str()});
  if (!value) return {};
  if (value->count() == 0) {
    line.alert(fmt::format("invalid value 0 for argument '{}' of server {}..", line.keyword(), server.name));
    return {};
  }
  return std::chrono::ceil<Milliseconds>(*value);
}

void inter(Line& line, Server& server) {
  if (const auto value = read_interval(line, server)) server.check.inter = *value;
}

template <model::Duration Check::*member>
void other_interval(Line& line, Server& server) {
  if (const auto value = read_interval(line, server)) server.check.*member = *value;
}

void agent_inter(Line& line, Server& server) {
  if (const auto value = read_interval(line, server)) server.agent.inter = *value;
}

template <bool value>
void agent_check(Line&, Server& server) {
  server.agent.enabled = value;
}

void agent_port(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'agent-port' expects a port number as argument.."));
  const long long value = loose_number(line, word);
  if (value < 0 || value > 65535)
    line.warning(
        fmt::format("'agent-port' expects a number up to 65535; haproxy reads '{}' as {}.", word, value & 65535));
  server.agent.port = static_cast<uint16_t>(value);
}

void agent_addr(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'agent-addr' expects an address as argument.."));
  AddressReading reading = read_address(word, {.variables = false}, line.context());
  if (!reading || !reading.address.is_ip() || reading.address.port() != 0)
    return void(line.alert(fmt::format("parsing agent-addr failed. Check if '{}' is correct address..", word)));
  server.agent.address = reading.address;
}

void agent_send(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'agent-send' expects a string as argument.."));
  server.agent.send = word;
}

template <int Check::*member>
void times(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert(fmt::format("'{}' expects an integer argument..", line.keyword())));
  const auto value = wrapped_number(word);
  if (value <= 0) return void(line.alert(fmt::format("'{}' has to be > 0..", line.keyword())));
  loose_number(line, word);
  server.check.*member = value;
}

void port(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'port' expects a port number as argument.."));
  const long long value = loose_number(line, word);
  if (value < 0 || value > 65535)
    line.warning(fmt::format("'port' expects a number up to 65535; haproxy reads '{}' as {}.", word, value & 65535));
  server.check.port = static_cast<uint16_t>(value);
}

void addr(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'addr' expects <ipv4|ipv6> as argument.."));
  const AddressReading reading = read_address(word, {}, line.context());
  if (!reading)
    line.alert(fmt::format("'addr' : {}.", reading.error));
  else
    server.check.address = reading.address;
}

void track(Line& line, Server& server) {
  server.track = line.take();
  if (server.track.empty()) line.alert("'track' expects [<proxy>/]<server> as argument..");
}

void observe(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty())
    line.alert("'observe' expects <mode> as argument..");
  else if (word == "none")
    server.observe = Observe::none;
  else if (word == "layer4")
    server.observe = Observe::layer4;
  else if (word == "layer7" && line.context().draft->proxy->mode != model::Mode::http)
    line.alert("'layer7' can only be used in http proxies..").tolerated = true;
  else if (word == "layer7")
    server.observe = Observe::layer7;
  else
    line.alert(fmt::format("'observe' expects one of 'none', 'layer4', 'layer7' but got '{}'.", word));
}

constexpr std::pair<std::string_view, OnError> error_actions[] = {{"fastinter", OnError::fastinter},
                                                                  {"fail-check", OnError::fail_check},
                                                                  {"sudden-death", OnError::sudden_death},
                                                                  {"mark-down", OnError::mark_down}};

void on_error(Line& line, Server& server) {
  const std::string_view word = line.take();
  for (const auto& [name, action] : error_actions)
    if (name == word) return void(server.on_error = action);
  line.alert(fmt::format(
      "'on-error' expects one of 'fastinter', 'fail-check', 'sudden-death' or 'mark-down' but got '{}'.", word));
}

void error_limit(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'error-limit' expects an integer argument.."));
  const auto value = static_cast<int>(loose_number(line, word));
  if (value <= 0)
    line.alert("error-limit has to be > 0..");
  else
    server.error_limit = value;
}

void on_marked_down(Line& line, Server& server) {
  const std::string_view word = line.take();
  server.shutdown_sessions_on_down = word == "shutdown-sessions";
  if (!server.shutdown_sessions_on_down)
    line.alert(fmt::format("'on-marked-down' expects 'shutdown-sessions' but got '{}'.", word));
}

void on_marked_up(Line& line, Server& server) {
  const std::string_view word = line.take();
  server.shutdown_backup_sessions_on_up = word == "shutdown-backup-sessions";
  if (!server.shutdown_backup_sessions_on_up)
    line.alert(fmt::format("'on-marked-up' expects 'shutdown-backup-sessions' but got '{}'.", word));
}

constexpr Keyword<Server> rows[] = {
    {.name = "addr",
     .syntax = "<address>",
     .parse = addr,
     .doc = "Address that checks go to instead of the server's.",
     .dynamic = true},
    {.name = "agent-addr",
     .syntax = "<address>",
     .parse = agent_addr,
     .doc = "Address of an agent that tells the server's state.",
     .dynamic = true},
    {.name = "agent-check",
     .syntax = "",
     .parse = agent_check<true>,
     .doc = "Asks an agent for the server's state and weight.",
     .dynamic = true},
    {.name = "agent-inter",
     .syntax = "<delay>",
     .parse = agent_inter,
     .doc = "Time between two questions to the agent.",
     .dynamic = true},
    {.name = "agent-port", .syntax = "<port>", .parse = agent_port, .doc = "Port of the agent.", .dynamic = true},
    {.name = "agent-send", .syntax = "<text>", .parse = agent_send, .doc = "What the agent is asked.", .dynamic = true},
    {.name = "check",
     .syntax = "",
     .parse = set<&Check::enabled, true>,
     .doc = "Checks the server's health.",
     .dynamic = true},
    {.name = "check-send-proxy",
     .syntax = "",
     .parse = set<&Check::send_proxy, true>,
     .doc = "Begins checks with a PROXY header.",
     .dynamic = true},
    {.name = "downinter",
     .syntax = "<delay>",
     .parse = other_interval<&Check::downinter>,
     .doc = "Time between two checks of a server that is down.",
     .dynamic = true},
    {.name = "error-limit",
     .syntax = "<number>",
     .parse = error_limit,
     .doc = "Observed errors in a row that call for on-error.",
     .dynamic = true},
    {.name = "fall",
     .syntax = "<number>",
     .parse = times<&Check::fall>,
     .doc = "Failed checks in a row after which a server is down.",
     .dynamic = true},
    {.name = "fastinter",
     .syntax = "<delay>",
     .parse = other_interval<&Check::fastinter>,
     .doc = "Time between two checks of a server that is changing state.",
     .dynamic = true},
    {.name = "inter", .syntax = "<delay>", .parse = inter, .doc = "Time between two checks.", .dynamic = true},
    {.name = "no-agent-check", .syntax = "", .parse = agent_check<false>, .doc = "Takes back `agent-check`."},
    {.name = "no-check", .syntax = "", .parse = set<&Check::enabled, false>, .doc = "Takes back `check`."},
    {.name = "no-check-send-proxy",
     .syntax = "",
     .parse = set<&Check::send_proxy, false>,
     .doc = "Takes back `check-send-proxy`."},
    {.name = "observe",
     .syntax = "{none|layer4|layer7}",
     .parse = observe,
     .doc = "Counts errors of sessions against the server's health.",
     .dynamic = true},
    {.name = "on-error",
     .syntax = "{fastinter|fail-check|sudden-death|mark-down}",
     .parse = on_error,
     .doc = "What too many observed errors do.",
     .dynamic = true},
    {.name = "on-marked-down",
     .syntax = "shutdown-sessions",
     .parse = on_marked_down,
     .doc = "Ends the sessions of a server that goes down.",
     .dynamic = true},
    {.name = "on-marked-up",
     .syntax = "shutdown-backup-sessions",
     .parse = on_marked_up,
     .doc = "Ends the sessions of backup servers when the server comes up.",
     .dynamic = true},
    {.name = "port",
     .syntax = "<port>",
     .parse = port,
     .doc = "Port that checks go to instead of the server's.",
     .dynamic = true},
    {.name = "rise",
     .syntax = "<number>",
     .parse = times<&Check::rise>,
     .doc = "Good checks in a row after which a server is up.",
     .dynamic = true},
    {.name = "track",
     .syntax = "[<backend>/]<server>",
     .parse = track,
     .doc = "Takes the state of another server.",
     .dynamic = true},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Server> check_table{"server option", rows};

}  // namespace ddbproxy::config
