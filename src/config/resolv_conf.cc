#include "config/resolv_conf.h"

#include <algorithm>
#include <sstream>

namespace ddbproxy::config {

bool add_system_name_servers(model::Resolvers& resolvers, const Location& where, Outside& outside) {
  Outside::File file = outside.file(resolv_conf_path);
  if (file.error) return false;
  std::istringstream lines(std::move(file.text));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string keyword, text;
    if (!(words >> keyword >> text) || keyword != "nameserver") continue;
    Address address = Address::parse_ip(text);
    const bool known = std::any_of(resolvers.name_servers.begin(), resolvers.name_servers.end(),
                                   [&](const model::NameServer& other) { return other.name == text; });
    if (address.empty() || known) continue;
    address.set_port(53);
    resolvers.name_servers.push_back({where, text, address});
  }
  return true;
}

}  // namespace ddbproxy::config
