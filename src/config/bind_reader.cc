#include "config/bind_reader.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/address_reader.h"
#include "config/context.h"
#include "config/suggest.h"
#include "config/tables.h"

namespace ddbproxy::config {

std::string read_bind_addresses(Line& line, std::string_view text, model::Bind& bind) {
  AddressRules rules{.port_required = true, .port_range = true, .descriptor = true};
  // As in haproxy, runtime sockets stay where they are said to be.
  const Context& context = line.context();
  if (context.draft) rules.prefix = context.model->global.unix_bind_prefix;
  return read_bind_addresses(line, text, rules, bind);
}

std::string read_bind_addresses(Line& line, std::string_view text, AddressRules rules, model::Bind& bind) {
  const Context& context = line.context();
  bind.where = line.where();
  bind.text = text;
  rules.resolve = context.options.resolve_names;
  rules.keep_name = !rules.resolve;
  std::vector<std::string_view> addresses = base::split(text, ',');
  if (addresses.size() > 1 && addresses.back().empty()) addresses.pop_back();  // haproxy takes a last comma
  for (const std::string_view address : addresses) {
    const AddressReading reading = read_address(address, rules, context);
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

void refuse_netscaler_header(Line& line, const model::Bind& bind) {
  if (!bind.netscaler_magic) return;
  line.introduce({});
  line.alert("'accept-netscaler-cip' is not supported by ddbproxy outside of proxies yet.", 0);
}

OptionsEnd read_bind_options(Line& line, const std::string& words, model::Bind& bind) {
  const std::string who =
      fmt::format("parsing [{}] : '{}' in section '{}'", line.place(), words, line.context().section_name);
  line.introduce(who + " : ");
  const OptionsEnd end = read_options(line, bind_tables(), bind);
  if (end != OptionsEnd::unknown) return end;
  const std::string_view suggestion = suggest(line.peek(), bind_tables());
  const std::string tail = suggestion.empty() ? "." : did_you_mean(suggestion);
  line.report(Severity::alert, fmt::format("{}: unknown keyword '{}'{}", who, line.peek(), tail), line.position())
      .suggestion = suggestion;
  return end;
}

}  // namespace ddbproxy::config
