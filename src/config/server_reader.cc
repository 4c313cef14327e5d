#include "config/server_reader.h"

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

/// Reads the server's address into it; a name is looked up when all lines are read.
bool read_address_of(Line& line, std::string_view text, Server& server) {
  const AddressReading reading =
      read_address(text, {.port_offset = true, .resolve = false, .keep_name = true}, line.context());
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

/// Whether a name server can be asked for this name: no label is empty.
bool is_askable(std::string_view host) {
  return host.size() < 254 && !host.starts_with('.') && host.find("..") == std::string_view::npos;
}

}  // namespace

void speak_as_server(Line& line, std::string_view who) {
  line.introduce_all(line.context().draft->adding() ? std::string(who) : fmt::format("[{}] : {}", line.place(), who));
}

void say_unknown_option(Line& line, std::string_view hint) {
  const std::string_view suggestion = suggest(line.peek(), server_tables());
  const std::string end = suggestion.empty() ? "." : did_you_mean(suggestion);
  line.alert(fmt::format("unknown keyword '{}'{}{}", line.peek(), end, hint), line.position()).suggestion = suggestion;
}

std::string missing_name(const std::string& name, std::string_view address) {
  const bool optionlike = address.empty() || find(server_tables(), address);
  const size_t colon = name.rfind(':');
  const bool addresslike =
      !Address::parse_ip(name).empty() ||
      (colon != name.npos && colon + 1 < name.size() && name.find_first_not_of("0123456789", colon + 1) == name.npos);
  if (!optionlike || !addresslike) return {};
  return fmt::format("the server's name is missing before '{}'", name);
}

std::optional<Server> read_server(Line& line, const Proxy& proxy, std::string_view shown_name,
                                  std::string_view name_in_message, std::string_view address) {
  Server made = line.context().draft->default_server;
  made.where = line.where(1);
  made.name = shown_name;
  speak_as_server(line, fmt::format("'server {}/{}' : ", proxy.name, name_in_message));
  if (!read_address_of(line, address, made)) return {};
  if (!is_askable(made.host)) {
    line.alert(fmt::format("Can't create DNS resolution for server '{}'", name_in_message));
    return {};
  }
  if (made.host.starts_with('_')) {
    made.resolution.service = std::move(made.host);
    made.host.clear();
    made.port = 0;
    made.port_relative = false;
  }
  const OptionsEnd end = read_options(line, server_tables(), made);
  if (end == OptionsEnd::unknown) say_unknown_option(line, "");
  if (end != OptionsEnd::done) return {};
  if (made.check.enabled && !made.track.empty()) {
    line.alert("unable to enable checks and tracking at the same time!");
    return {};
  }
  if (made.agent.enabled && !made.agent.port && !made.check.port) {
    line.alert(fmt::format("server {} does not have agent port. Agent check has been disabled.", name_in_message));
    return {};
  }
  return made;
}

}  // namespace ddbproxy::config
