#include "admin/age.h"

#include <fmt/format.h>

namespace ddbproxy::admin {

std::string age_text(int64_t seconds) {
  struct Unit {
    int64_t seconds;
    char name;
  };
  constexpr Unit units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  for (size_t i = 0; i + 1 < std::size(units); ++i) {
    if (seconds < units[i].seconds) continue;
    std::string text = fmt::format("{}{}", seconds / units[i].seconds, units[i].name);
    const int64_t rest = seconds % units[i].seconds / units[i + 1].seconds;
    return rest ? fmt::format("{}{}{}", text, rest, units[i + 1].name) : text;
  }
  return fmt::format("{}s", seconds);
}

}  // namespace ddbproxy::admin
