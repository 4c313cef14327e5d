// The number that hashing algorithms choose a server by: pure arithmetic, the same as haproxy's.
#pragma once

#include <cstdint>

#include <ddbproxy/address.h>

namespace ddbproxy::live {

/// The words of an IPv4 or IPv6 address folded into one.
uint32_t hash_address(const Address& address);

}  // namespace ddbproxy::live
