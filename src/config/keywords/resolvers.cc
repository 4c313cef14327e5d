// Lines of a `resolvers` section (manual 5.3.2).
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/context.h"
#include "config/keyword.h"
#include "config/readers.h"
#include "config/resolv_conf.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Resolvers;
using std::chrono::milliseconds;

/// haproxy names the argument in one way or the other.
void read_time(Line& line, std::string_view named, std::string_view keyword, milliseconds& value) {
  if (const auto read = read_argument_time(line, named, keyword)) value = *read;
}

template <milliseconds Resolvers::Hold::*status>
void hold(Line& line, Resolvers& resolvers) {
  const std::string_view name = line.word(line.position() - 1);
  if (!line.peek().empty()) return read_time(line, name, "hold", resolvers.hold.*status);
  line.alert("'hold' expects an <event> and a <time> as arguments.");
  line.report(Severity::alert, "<event> can be either 'valid', 'nx', 'refused', 'timeout', or 'other'");
}

void unknown_hold(Line& line, Resolvers& resolvers) {
  if (line.peek().empty() || line.word(line.position() + 1).empty())
    hold<&Resolvers::Hold::nx>(line, resolvers);
  else
    line.alert(
        fmt::format("'hold' unknown <event>: '{}', expects either 'nx', 'timeout', 'valid', 'obsolete' or 'other'.",
                    line.peek()),
        line.position());
}

template <milliseconds Resolvers::*event>
void timeout(Line& line, Resolvers& resolvers) {
  if (line.peek().empty())
    line.alert(fmt::format("'{}' expects <time> as argument.", line.keyword()));
  else
    read_time(line, line.peek(), line.keyword(), resolvers.*event);
}

void unknown_timeout(Line& line, Resolvers&) {
  line.alert(fmt::format("'timeout' expects 'retry' or 'resolve' and <time> as arguments{}",
                         line.peek().empty() ? "." : fmt::format(" got '{}'.", line.peek())),
             line.position());
}

void resolve_retries(Line& line, Resolvers& resolvers) {
  if (line.peek().empty()) return void(line.alert("'resolve_retries' expects <nb> as argument."));
  const std::string word(line.take());
  resolvers.resolve_retries = static_cast<int>(std::strtol(word.c_str(), nullptr, 10));
}

void accepted_payload_size(Line& line, Resolvers& resolvers) {
  if (line.peek().empty()) return void(line.alert("'accepted_payload_size' expects <nb> as argument."));
  const std::string word(line.take());
  const long size = std::strtol(word.c_str(), nullptr, 10);
  if (size < 12 || size > 65535)
    line.alert(fmt::format("'accepted_payload_size' must be between 12 and 65535 inclusive (was {}).", word));
  else
    resolvers.accepted_payload_size = static_cast<uint16_t>(size);
}

/// False, after a report, when another name server of the section has this name.
bool is_new(Line& line, const Resolvers& resolvers, std::string_view name) {
  for (const model::NameServer& other : resolvers.name_servers) {
    if (other.name != name) continue;
    auto& diagnostic = line.report(
        Severity::alert, fmt::format("Parsing [{}]: nameserver '{}' has same name as another nameserver (declared at "
                                     "{}).",
                                     line.place(), name, other.where.file_and_line()));
    diagnostic.notes = {{other.where, "first defined here"}};
    return false;
  }
  return true;
}

bool is_stream(std::string_view address) {
  return address.starts_with("tcp@") || address.starts_with("tcp4@") || address.starts_with("tcp6@") ||
         address.starts_with("stream+");
}

void nameserver(Line& line, Resolvers& resolvers) {
  const std::string name(line.take()), address(line.take());
  if (name.empty() || address.empty())
    return void(line.alert("'nameserver' expects <name> and <addr>[:<port>] as arguments."));
  if (const char c = bad_character(name))
    return void(line.alert(fmt::format("character '{}' is not permitted in server name '{}'.", c, name), 1));
  const bool is_first = is_new(line, resolvers, name);
  if (is_stream(address))
    return void(line.alert("a name server that is asked over TCP is not supported by ddbproxy yet."));
  const AddressReading reading =
      read_address(address, {.port_required = true, .stream = false, .datagram = true}, line.context());
  if (!reading)
    line.alert(fmt::format("'nameserver {}' : {}", name, reading.error));
  else if (is_first)
    resolvers.name_servers.push_back({line.where(1), name, reading.address});
}

void parse_resolv_conf(Line& line, Resolvers& resolvers) {
  if (!add_system_name_servers(resolvers, line.where(), line.context().outside))
    line.alert(fmt::format("failed to open {}.", resolv_conf_path));
}

constexpr Keyword<Resolvers> hold_rows[] = {
    {.name = "nx",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = hold<&Resolvers::Hold::nx>,
     .doc = "How long an address outlives the last valid answer when the name does not exist."},
    {.name = "obsolete",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = hold<&Resolvers::Hold::obsolete>,
     .doc = "How long an address is kept that answers no longer have."},
    {.name = "other",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = hold<&Resolvers::Hold::other>,
     .doc = "How long an address outlives the last valid answer on errors that have no period of their own."},
    {.name = "refused",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = hold<&Resolvers::Hold::refused>,
     .doc = "How long an address outlives the last valid answer when name servers refuse."},
    {.name = "timeout",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = hold<&Resolvers::Hold::timeout>,
     .doc = "How long an address outlives the last valid answer when name servers are silent."},
    {.name = "valid",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = hold<&Resolvers::Hold::valid>,
     .doc = "How long rules that resolve names use an answer; no such rule is supported yet."},
};
static_assert(in_order(hold_rows));
constexpr Table<Resolvers> hold_table{"resolvers hold", hold_rows, unknown_hold};

constexpr Keyword<Resolvers> timeout_rows[] = {
    {.name = "resolve",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = timeout<&Resolvers::resolve>,
     .doc = "Time between two resolutions of a name."},
    {.name = "retry",
     .syntax = "<time>",
     .sections = in_resolvers,
     .parse = timeout<&Resolvers::retry>,
     .doc = "Time after which a question without a valid answer is asked again."},
};
static_assert(in_order(timeout_rows));
constexpr Table<Resolvers> times_table{"resolvers timeout", timeout_rows, unknown_timeout};

constexpr Keyword<Resolvers> rows[] = {
    {.name = "accepted_payload_size",
     .syntax = "<bytes>",
     .sections = in_resolvers,
     .parse = accepted_payload_size,
     .doc = "Longest answer that name servers may send, 12 to 65535 bytes."},
    {.name = "hold",
     .syntax = "<status> <time>",
     .sections = in_resolvers,
     .doc = "How long old answers last.",
     .words = &hold_table},
    {.name = "nameserver",
     .syntax = "<name> <address>:<port>",
     .sections = in_resolvers,
     .parse = nameserver,
     .doc = "A server that is asked for names, over UDP; TCP is not supported yet."},
    {.name = "parse-resolv-conf",
     .syntax = "",
     .sections = in_resolvers,
     .parse = parse_resolv_conf,
     .doc = "Adds the name servers of /etc/resolv.conf."},
    {.name = "resolve_retries",
     .syntax = "<number>",
     .sections = in_resolvers,
     .parse = resolve_retries,
     .doc = "How often a question is asked before it counts as failed."},
    {.name = "timeout",
     .syntax = "<event> <time>",
     .sections = in_resolvers,
     .doc = "Times of resolution.",
     .words = &times_table},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Resolvers> resolvers_table{"resolvers", rows};

}  // namespace ddbproxy::config
