#include "config/option_words.h"

#include <algorithm>

namespace ddbproxy::config {

bool has_error_since(const Diagnostics& diagnostics, size_t before) {
  const auto& all = diagnostics.all();
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
                     [](const Diagnostic& d) { return d.is_error(); });
}

}  // namespace ddbproxy::config
