// The numbers that hashing algorithms choose a server by: pure arithmetic, the same as haproxy's.
#pragma once

#include <cstdint>

#include <ddbproxy/address.h>

namespace ddbproxy::live {

/// Spreads every bit of `number` over the whole result (Bob Jenkins' integer hash, and a multiplication that fills 32
/// bits).
uint32_t scatter(uint32_t number);

/// The words of an IPv4 or IPv6 address folded into one.
uint32_t hash_address(const Address& address);

}  // namespace ddbproxy::live
