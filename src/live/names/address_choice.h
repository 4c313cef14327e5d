// Which of the addresses behind a name a server takes: pure.
#pragma once

#include <optional>
#include <span>

#include <ddbproxy/resolvers.h>

#include "live/names/resolution.h"

namespace ddbproxy::live {

/// The best of `known`: in one of the nets, then of the preferred family, then not `taken` by other servers of the
/// name, then the one that the server has; of equals the first. Addresses that are taken are only for servers that
/// allow duplicates. Ports do not count. Empty when there is none.
std::optional<Address> choose_address(std::span<const Resolution::KnownAddress> known, const Address& current,
                                      std::span<const Address> taken, const model::NameResolution& wishes);

/// Whether both are the same host, whatever their ports.
bool same_host(const Address& one, const Address& other);

}  // namespace ddbproxy::live
