// The fetches that can be asked of a request for one of ddbproxy's own pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ddbproxy::sample {

enum class RequestFetch : uint8_t {
  always_false,
  always_true,
  boolean,
  header,
  header_count,
  integer,
  is_http,
  method,
  path,
  path_and_query,
  query,
  source,
  string,
  url,
  version
};

/// Nothing: it cannot be asked there yet.
std::optional<RequestFetch> request_fetch(std::string_view name);

}  // namespace ddbproxy::sample
