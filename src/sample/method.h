// The methods of HTTP that haproxy knows by a number.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace ddbproxy::sample {

inline constexpr std::array<std::string_view, 8> usual_methods{"OPTIONS", "GET",    "HEAD",  "POST",
                                                               "PUT",     "DELETE", "TRACE", "CONNECT"};

/// The same name, which lasts; empty: it is none of them.
inline std::string_view usual_method(std::string_view name) {
  const auto found = std::find(usual_methods.begin(), usual_methods.end(), name);
  return found == usual_methods.end() ? std::string_view() : *found;
}

}  // namespace ddbproxy::sample
