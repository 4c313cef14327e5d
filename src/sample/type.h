// The types of samples (manual 7.1).
#pragma once

#include <cstdint>
#include <string_view>

namespace ddbproxy::sample {

/// `any`: known only when it is there; `address`: IPv4 or IPv6.
enum class Type : uint8_t { any, boolean, integer, address, ipv4, ipv6, string, binary, method };

/// As messages name it: "sint", "ipv4", "str".
std::string_view name_of(Type type);

}  // namespace ddbproxy::sample
