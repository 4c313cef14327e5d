// Base64 and base64url (RFC 4648), as haproxy reads and writes them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ddbproxy::sample {

constexpr size_t base64_size(size_t bytes) { return (bytes + 2) / 3 * 4; }

/// Writes base64_size() characters at most; returns how many. base64url has no '=' at its end.
size_t write_base64(std::string_view bytes, char* out, bool url);
/// Writes at most 3 bytes for 4 characters (one more group for what is left); empty: it is not base64.
std::optional<size_t> read_base64(std::string_view text, char* out);
std::optional<size_t> read_base64url(std::string_view text, char* out);

}  // namespace ddbproxy::sample
