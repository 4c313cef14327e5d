// A span of time as `show sess` writes it.
#pragma once

#include <cstdint>
#include <string>

namespace ddbproxy::admin {

/// The two largest units, the second one only if it is not zero: "10m33s", "2m", "1d3h".
std::string age_text(int64_t seconds);

}  // namespace ddbproxy::admin
