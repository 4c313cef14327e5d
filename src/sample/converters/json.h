// What texts say as JSON.
#pragma once

#include <optional>
#include <string_view>

namespace ddbproxy::sample {

/// The part of `json` that a path like $.a.b[2] or $[*].a leads to, as it is written there. Empty: there is none, the
/// path is none, or the text is none up to there. A dot or bracket of a key is written behind a backslash.
std::optional<std::string_view> find_json(std::string_view json, std::string_view path);

}  // namespace ddbproxy::sample
