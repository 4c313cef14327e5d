// What the files of rows share.
#pragma once

#include <cstddef>
#include <span>

#include "sample/fetch.h"

namespace ddbproxy::sample {

extern const std::span<const Fetch> connection_fetches, http_fetches, http_state_fetches, internal_fetches,
    payload_fetches, table_fetches, tls_fetches;

/// Sorted and documented.
template <size_t n>
constexpr bool in_order(const Fetch (&rows)[n]) {
  for (size_t i = 0; i < n; ++i)
    if (rows[i].doc.empty() || (i && !(rows[i - 1].name < rows[i].name))) return false;
  return true;
}

}  // namespace ddbproxy::sample
