// Look-ups in a model.
#include <ddbproxy/model.h>
#include <ddbproxy/peers.h>

namespace ddbproxy::model {

const Proxy* Model::find_frontend(std::string_view name) const {
  for (const auto& proxy : proxies)
    if (proxy->frontend && proxy->name == name) return proxy.get();
  return nullptr;
}

const Proxy* Model::find_backend(std::string_view name) const {
  for (const auto& proxy : proxies)
    if (proxy->backend && proxy->name == name) return proxy.get();
  return nullptr;
}

const Peers* find_peers(const Model& model, std::string_view name) {
  for (const auto& section : model.peers)
    if (section->name == name) return section.get();
  return nullptr;
}

std::vector<TableRef> tables_of(const Model& model) {
  std::vector<TableRef> tables;
  for (size_t i = 0; i < model.proxies.size(); ++i) {
    Proxy& proxy = *model.proxies[i];
    if (proxy.stick_table)
      tables.push_back({static_cast<int>(i), &*proxy.stick_table, proxy.name, proxy.name,
                        proxy.stick_table->peers.empty() ? nullptr : find_peers(model, proxy.stick_table->peers)});
  }
  auto number = static_cast<int>(model.proxies.size());
  for (const auto& section : model.peers)
    for (PeersTable& table : section->tables)
      tables.push_back({number++, &table.settings, section->name + "/" + table.name, "/" + table.name, section.get()});
  return tables;
}

std::string_view Server::recorded_host() const {
  if (!record || !record->failure.empty()) return {};
  if (!resolution.service.empty()) return record->service == resolution.service ? record->host : std::string_view();
  constexpr uint8_t by_hand = 0x40;
  return record->admin_state & by_hand && resolution.section >= 0 && !host.empty() ? record->host : std::string_view();
}

bool Network::contains(const Address& candidate) const {
  if (candidate.family() != address.family()) return false;
  if (address.family() == AF_INET)
    return prefix_length == 0 || (candidate.ipv4_host_order() ^ address.ipv4_host_order()) >> (32 - prefix_length) == 0;
  for (int bit = 0; bit < prefix_length; bit += 8) {
    const int left = prefix_length - bit;
    const unsigned different = candidate.ipv6_bytes()[bit / 8] ^ address.ipv6_bytes()[bit / 8];
    if (left >= 8 ? different : different >> (8 - left)) return false;
  }
  return true;
}

}  // namespace ddbproxy::model
