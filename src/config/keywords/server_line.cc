// The lines that declare servers: server, default-server (manual 4.2, 5.2).
#include <cctype>
#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/context.h"
#include "config/option_words.h"
#include "config/suggest.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Server;

/// Server lines speak without the word "parsing".
void speak_as_server(Line& line, std::string_view who) { line.introduce(fmt::format("[{}] : {}", line.place(), who)); }

/// Whether servers may stand in this section; reports it when not.
bool may_have_servers(Line& line, const Proxy& proxy) {
  if (line.context().section == in_defaults)
    line.alert(fmt::format("'{}' not allowed in 'defaults' section.", line.keyword()));
  else if (!proxy.backend)
    line.alert(fmt::format("parsing [{}] : '{}' not allowed because frontend '{}' has no backend capability.",
                           line.place(), line.keyword(), proxy.name));
  else
    return true;
  return false;
}

void say_unknown(Line& line, std::string_view hint) {
  const std::string_view suggestion = suggest(line.peek(), server_tables());
  const std::string end = suggestion.empty() ? "." : did_you_mean(suggestion);
  line.alert(fmt::format("unknown keyword '{}'{}{}", line.peek(), end, hint), line.position()).suggestion = suggestion;
}

/// Reads the server's address into it; a name is looked up when all lines are read.
bool read_address_of(Line& line, std::string_view text, Server& server) {
  const AddressReading reading = read_address(text, {.port_offset = true, .resolve = false, .keep_name = true});
  if (!reading) {
    line.alert(reading.error);
    return false;
  }
  server.address = reading.address;
  server.host = reading.host;
  server.port_offset = reading.port_offset;
  server.port = reading.port;
  // Without a port of its own a server gets the one that the client asked for.
  server.port_relative = reading.relative_port || (reading.port == 0 && !reading.address.is_unix());
  return true;
}

void server(Line& line, Proxy& proxy) {
  speak_as_server(line, "");
  if (!may_have_servers(line, proxy)) return;
  const std::string name(line.take()), address(line.take());
  if (name.empty() || address.empty()) {
    line.alert("'server' expects <name> and <addr>[:<port>] as arguments.", line.position());
    return;
  }
  for (const unsigned char c : name)
    if (!std::isalnum(c) && c != '_' && c != ':' && c != '.' && c != '-') {
      line.alert(fmt::format("character '{}' is not permitted in server name '{}'.", static_cast<char>(c), name), 1);
      return;
    }
  Server made = line.context().draft->default_server;
  made.where = line.where(1);
  made.name = name;
  speak_as_server(line, fmt::format("'server {}/{}' : ", proxy.name, name));
  if (!read_address_of(line, address, made)) return;
  const OptionsEnd end = read_options(line, server_tables(), made);
  if (end == OptionsEnd::unknown) say_unknown(line, "");
  if (end == OptionsEnd::done && made.check.enabled && !made.track.empty()) {
    line.alert("unable to enable checks and tracking at the same time!");
    return;
  }
  if (end == OptionsEnd::done) proxy.backend->servers.push_back(std::move(made));
}

void default_server(Line& line, Proxy& proxy) {
  speak_as_server(line, "");
  if (!proxy.backend && !may_have_servers(line, proxy)) return;
  Server& server = line.context().draft->default_server;
  server.name = "default-server";
  if (read_options(line, server_tables(), server) == OptionsEnd::unknown)
    say_unknown(line, " Hint: no address was expected for this server.");
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "default-server",
     .syntax = "<option>...",
     .sections = server_side,
     .parse = default_server,
     .doc = "Options of the server lines that follow.",
     .misplaced = Misplaced::read},
    {.name = "server",
     .syntax = "<name> <address>[:<port>] [<option>...]",
     .sections = in_listen | in_backend,
     .parse = server,
     .doc = "A server of the backend.",
     .misplaced = Misplaced::read},
    {.name = "server-template",
     .syntax = "<prefix> <range> <name>[:<port>] [<option>...]",
     .sections = in_listen | in_backend,
     .support = Support::planned,
     .doc = "Several servers of one name or address.",
     .misplaced = Misplaced::read},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> server_line_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
