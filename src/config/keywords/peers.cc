// Lines of a `peers` section (manual 3.5).
#include <fmt/format.h>

#include <ddbproxy/peers.h>

#include "config/address_reader.h"
#include "config/bind_reader.h"
#include "config/context.h"
#include "config/log_reader.h"
#include "config/option_words.h"
#include "config/readers.h"
#include "config/server_reader.h"
#include "config/stick_reader.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Peers;

/// The section's own listener and servers, as the readers of proxies make them.
model::Proxy& proxy_of(Line& line) { return *line.context().draft->proxy; }

/// `peer` brings the address to listen on, `bind` does, too: haproxy wants the one or the other.
bool refuse_mixture(Line& line, bool other) {
  if (other) line.alert("mixing \"peer\" and \"bind\" line is forbidden", 0);
  return other;
}

void bind(Line& line, Peers& section) {
  if (refuse_mixture(line, section.has_peer_line)) return;
  section.has_bind_line = true;
  const std::string text(line.take());
  if (text.empty()) return;
  if (!section.bind.listeners.empty())
    return void(line.alert(
        fmt::format("One listener per \"peers\" section is authorized but another is already configured at [{}].",
                    section.bind_where.file_and_line()),
        0));
  section.bind_where = line.where();
  model::Bind bind = section.bind;
  if (const std::string error = read_bind_addresses(line, text, bind); !error.empty())
    return void(line.alert(fmt::format("'bind {}' : {}", text, error)));
  const OptionsEnd end = read_bind_options(line, "bind " + text, bind);
  refuse_netscaler_header(line, bind);
  if (end == OptionsEnd::done) section.bind = std::move(bind);
}

/// Of the only listener of the section, be it in front of its line or behind it.
void default_bind(Line& line, Peers& section) {
  model::Bind bind = section.bind;
  bind.where = line.where();
  const std::string words = fmt::format("default-bind {}", line.peek());
  const OptionsEnd end = read_bind_options(line, words, bind);
  refuse_netscaler_header(line, bind);
  if (end == OptionsEnd::done) section.bind = std::move(bind);
}

void default_server(Line& line, Peers&) { server_line_table.find("default-server")->parse(line, proxy_of(line)); }

void log(Line& line, Peers& section) {
  const bool global = line.peek() == "global" && line.word(line.position() + 1).empty();
  // haproxy takes `default` for nothing here.
  if (line.prefix() != Prefix::default_)
    log_table.find("log")->parse(line, proxy_of(line));
  else if (global)
    proxy_of(line).log.global = true;
  else if (auto target = read_log_target(line, false))
    proxy_of(line).log.targets.push_back(std::move(*target));
  section.log = proxy_of(line).log;
}

template <bool value>
void disable(Line&, Peers& section) {
  section.disabled = value;
}

void say_no_effect_on_peers(Line& line, std::string_view option) {
  line.report(Severity::notice, fmt::format("'{}' has no effect on connections to peers.", option));
}

/// The address and the options behind it. A local `server` has no address here; others may do without, and are never
/// connected to then.
std::optional<model::Server> read_options_of(Line& line, const std::string& name, std::string_view address,
                                             std::string_view hint) {
  model::Server made = line.context().draft->default_server;
  made.where = line.where(1);
  made.name = name;
  speak_as_server(line, fmt::format("'server {}/{}' : ", proxy_of(line).name, name));
  if (!address.empty()) {
    AddressRules rules{.port_offset = true, .resolve = line.context().options.resolve_names};
    rules.keep_name = !rules.resolve;
    const AddressReading reading = read_address(address, rules, line.context());
    if (!reading) {
      line.alert(reading.error + (reading.error_ends_line() ? "\n" : ""));
      return {};
    }
    made.address = reading.address;
  }
  const OptionsEnd end = read_options(line, server_tables(), made);
  if (end == OptionsEnd::unknown) say_unknown_option(line, hint);
  if (end != OptionsEnd::done) return {};
  // As in haproxy: these are accepted.
  if (made.proxy_header.sent()) say_no_effect_on_peers(line, "send-proxy");
  if (made.source) say_no_effect_on_peers(line, "source");
  return made;
}

/// What haproxy says of a name that is taken: others may be there twice.
bool is_referenced(Line& line, const Peers& section, const std::string& name) {
  if (section.local < 0 || name != section.local_name) return false;
  const Location before = section.peers[static_cast<size_t>(section.local)].where;
  line.report(Severity::alert,
              fmt::format("parsing [{}] : '{} {}' : local peer name already referenced at {}. {}", line.place(),
                          line.keyword(), name, before.file_and_line(), name),
              1)
      .notes = {{before, "first defined here"}};
  return true;
}

void peer(Line& line, Peers& section) {
  const std::string word = line.keyword();
  const bool is_peer = word == "peer";
  if (is_peer) {
    if (refuse_mixture(line, section.has_bind_line)) return;
    section.has_peer_line = true;
  }
  const std::string name(line.take());
  const bool local = name == section.local_name;
  if (name.empty() || (!local && line.peek().empty())) {
    line.report(Severity::notice,
                fmt::format("'{}' without {} has no effect.", line.keyword(), name.empty() ? "a name" : "an address"),
                0);
    return;
  }
  if (const char c = bad_character(name)) {
    speak_as_server(line, "");
    return void(line.alert(fmt::format("character '{}' is not permitted in {} name '{}'.", c, word, name)));
  }
  if (is_referenced(line, section, name)) return;
  if (local) {
    section.local = static_cast<int>(section.peers.size());
    proxy_of(line).name = name;  // as haproxy calls the section from here on
  }
  model::Peer& added = section.peers.emplace_back();
  added.where = line.where(1);
  added.name = name;
  const bool no_address = local && !is_peer;
  const std::string address(no_address ? std::string_view() : line.take());
  const auto made =
      read_options_of(line, name, address, no_address ? " Hint: no address was expected for this server." : "");
  if (local && is_peer && !address.empty()) {
    const std::string error = read_bind_addresses(line, address, section.bind);
    if (!error.empty())
      line.report(Severity::alert, fmt::format("parsing [{}] : '{} {}' : {}", line.place(), word, name, error), 2);
  }
  if (!made) return;
  added.address = made->address;
  added.tcp_ut = made->tcp_ut;
  if (made->check.enabled || made->agent.enabled || !made->resolution.resolvers.empty() || !made->init_addr.empty())
    line.report(Severity::warning,
                fmt::format("parsing [{}] : '{} {}' : init_addr, resolvers, check and agent are ignored for peers.",
                            line.place(), word, name));
  proxy_of(line).backend->servers.push_back(*made);
}

constexpr Keyword<Peers> rows[] = {
    {.name = "bind",
     .syntax = "<address>:<port> [<option>...]",
     .sections = in_peers,
     .parse = bind,
     .doc = "Where other peers connect to this one."},
    {.name = "default-bind",
     .syntax = "<option>...",
     .sections = in_peers,
     .parse = default_bind,
     .doc = "Options of the address where other peers connect."},
    {.name = "default-server",
     .syntax = "<option>...",
     .sections = in_peers,
     .parse = default_server,
     .doc = "Options of the peers that follow."},
    {.name = "disabled",
     .syntax = "",
     .sections = in_peers,
     .parse = disable<true>,
     .doc = "Nothing is exchanged with the peers of the section."},
    {.name = "enabled",
     .syntax = "",
     .sections = in_peers,
     .parse = disable<false>,
     .doc = "Takes a disabled of before back."},
    {.name = "log",
     .syntax = "<address> <facility> [<level> [<minlevel>]]",
     .sections = in_peers,
     .parse = log,
     .doc = "Where what goes wrong between peers is logged.",
     .prefixes = Prefixes::no_and_default},
    {.name = "peer",
     .syntax = "<name> [<address>:<port> [<option>...]]",
     .sections = in_peers,
     .parse = peer,
     .doc = "Somebody who has the tables, too; or this process itself, by its own name."},
    {.name = "server",
     .syntax = "<name> [<address>:<port>] [<option>...]",
     .sections = in_peers,
     .parse = peer,
     .doc = "The same as peer; this process itself has its address on the bind line then."},
    {.name = "table",
     .syntax = "<name> type <type> size <size> [<option>...]",
     .sections = in_peers,
     .parse = read_peers_table,
     .doc = "A stick table that no proxy has; its name elsewhere is <section>/<name>."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Peers> peers_table{"peers", rows};

}  // namespace ddbproxy::config
