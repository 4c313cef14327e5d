#include "live/names/address_choice.h"

#include <algorithm>

namespace ddbproxy::live {

bool same_host(const Address& one, const Address& other) {
  Address copy = one;
  if (one.family() != other.family()) return false;
  if (one.is_ip()) copy.set_port(other.port());
  return copy == other;
}

std::optional<Address> choose_address(std::span<const Resolution::KnownAddress> known, const Address& current,
                                      std::span<const Address> taken, const model::NameResolution& wishes) {
  std::optional<Address> best;
  int best_score = -1;
  for (const Resolution::KnownAddress& each : known) {
    const Address& address = each.address;
    const bool free =
        std::none_of(taken.begin(), taken.end(), [&](const Address& other) { return same_host(other, address); });
    if (!free && !wishes.allow_duplicates) continue;
    const bool local =
        std::any_of(wishes.nets.begin(), wishes.nets.end(), [&](const auto& net) { return net.contains(address); });
    const int score = local * 8 + (address.family() == wishes.prefer) * 4 + free * 2 + same_host(address, current);
    if (score <= best_score) continue;
    best = address;
    best_score = score;
  }
  return best;
}

}  // namespace ddbproxy::live
