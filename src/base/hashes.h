// Hashes of old: quick, small, and known by name in configurations. None of them keeps a secret.
#pragma once

#include <cstdint>
#include <string_view>

namespace ddbproxy::base {

uint32_t crc32(std::string_view bytes);   ///< As Ethernet, gzip and PNG have it.
uint32_t crc32c(std::string_view bytes);  ///< Castagnoli's polynomial, RFC 4960.
uint32_t djb2(std::string_view bytes);
uint32_t sdbm(std::string_view bytes);
uint32_t wt6(std::string_view bytes);

/// Spreads every bit of `number` over the whole result (Bob Jenkins' integer hash, and a multiplication that fills 32
/// bits): the "avalanche".
uint32_t scatter(uint32_t number);

}  // namespace ddbproxy::base
