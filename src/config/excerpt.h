// The piece of a line around an error with a caret below, as haproxy shows it within some of its messages.
#pragma once

#include <string>
#include <string_view>

namespace ddbproxy::config {

/// Two lines without a final newline; `at` counts from 0 in `text`.
std::string excerpt(std::string_view text, size_t at);

}  // namespace ddbproxy::config
