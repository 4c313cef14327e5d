#include "config/origin_reader.h"

#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/context.h"

namespace ddbproxy::config {

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
      line.alert("'usesrc' is not supported by ddbproxy yet.");
      return {};
    }
    if (line.peek() == "interface") {
      line.take();
      source.interface = line.take();
      if (source.interface.empty()) {
        line.alert(fmt::format("'{}' : missing interface name.{}", where,
                               of_server ? "\nerror encountered while processing 'interface'." : ""));
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
