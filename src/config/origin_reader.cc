#include "config/origin_reader.h"

#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/context.h"
#include "config/readers.h"

namespace ddbproxy::config {

namespace {

using As = model::Source::As;

/// "hdr_ip(<name>[,<number>])", as haproxy takes it: the bracket need not be closed. The number is judged only, as
/// there is no header in mode tcp; false: it is wrong.
bool read_header(std::string_view word, model::Source& source) {
  word.remove_prefix(word.find('(') + 1);
  const size_t end = word.find_first_of(",)");
  source.as = As::header;
  source.header = word.substr(0, end);
  return end == word.npos || word[end] != ',' || wrapped_number(word.substr(end + 1)) >= -10;
}

/// What stands behind `usesrc`; false after a report.
bool read_usesrc(Line& line, model::Source& source, bool of_server) {
  const auto refuse = [&](const std::string& text) {
    line.alert(text);
    if (of_server) line.report(Severity::alert, "error encountered while processing 'usesrc'.");
    return false;
  };
  const std::string_view word = line.take();
  if (word.empty())
    return refuse(of_server ? "'usesrc' expects <addr>[:<port>], 'client', 'clientip', or 'hdr_ip(name,#)' as argument."
                            : "'usesrc' expects <addr>[:<port>], 'client', or 'clientip' as argument.");
  source.header.clear();
  if (word == "client") {
    source.as = As::client;
  } else if (word == "clientip") {
    source.as = As::client_ip;
  } else if (word.starts_with("hdr_ip(")) {
    if (!read_header(word, source))
      return refuse("usesrc hdr_ip(name,num) does not support negative occurrences values smaller than 10.");
  } else {
    const AddressReading reading = read_address(word, {}, line.context());
    if (!reading) return refuse(fmt::format("'usesrc {}' : {}", word, reading.error));
    // That of no particular machine says nothing.
    source.as = reading.address.is_any() ? As::self : As::address;
    source.as_address = reading.address;
  }
  return true;
}

}  // namespace

std::optional<model::Source> read_source(Line& line, bool of_server) {
  const std::string_view word = line.take();
  const AddressReading reading = read_address(word, {.port_range = of_server}, line.context());
  if (!reading) {
    const std::string text = fmt::format("'source {}' : {}", word, reading.error);
    if (of_server)
      line.alert(reading.error_ends_line() ? fmt::format("\n  {}\n  \n.", text) : text + ".");
    else
      line.alert(text);
    return {};
  }
  model::Source source;
  source.address = reading.address;
  if (reading.last_port) source.ports.emplace(reading.port, reading.last_port);
  const char* where = of_server ? "server" : "source";
  while (!line.peek().empty()) {
    if (line.peek() == "usesrc") {
      line.take();
      if (!read_usesrc(line, source, of_server)) return {};
      continue;
    }
    if (line.peek() == "interface") {
      line.take();
      source.interface = line.take();
      if (source.interface.empty()) {
        line.alert(fmt::format("'{}' : missing interface name.", where));
        if (of_server) line.report(Severity::alert, "error encountered while processing 'interface'.");
        return {};
      }
    } else if (of_server) {
      break;  // the next option of the server
    } else {
      line.alert("'source' only supports optional keywords 'interface' and 'usesrc'.", line.position());
      return {};
    }
  }
  return source;
}

}  // namespace ddbproxy::config
