// Look-ups in a model.
#include <ddbproxy/model.h>

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
