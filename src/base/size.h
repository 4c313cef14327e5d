// Sizes as the configuration writes them: a number of bytes with an optional k, m or g (manual 2.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ddbproxy::base {

/// Bytes; empty when the text is no size.
std::optional<uint64_t> parse_size(std::string_view text);

}  // namespace ddbproxy::base
