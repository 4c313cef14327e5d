#include "config/bind_reader.h"

#include "base/text.h"
#include "config/address_reader.h"
#include "config/context.h"

namespace ddbproxy::config {

std::string read_bind_addresses(Line& line, std::string_view text, model::Bind& bind) {
  const Context& context = line.context();
  bind.where = line.where();
  bind.text = text;
  AddressRules rules{.port_required = true, .port_range = true, .descriptor = true};
  // As in haproxy, runtime sockets stay where they are said to be.
  if (context.draft) rules.prefix = context.model->global.unix_bind_prefix;
  rules.resolve = context.options.resolve_names;
  rules.keep_name = !rules.resolve;
  std::vector<std::string_view> addresses = base::split(text, ',');
  if (addresses.size() > 1 && addresses.back().empty()) addresses.pop_back();  // haproxy takes a last comma
  for (const std::string_view address : addresses) {
    const AddressReading reading = read_address(address, rules, context.environment());
    if (!reading) return reading.error;
    for (uint32_t port = reading.port; port <= reading.last_port; ++port) {
      model::Bind::Listener& listener = bind.listeners.emplace_back();
      listener.address = reading.address;
      listener.inherited_fd = reading.descriptor;
      if (reading.descriptor < 0 && listener.address.is_ip()) listener.address.set_port(static_cast<uint16_t>(port));
    }
  }
  return {};
}

}  // namespace ddbproxy::config
