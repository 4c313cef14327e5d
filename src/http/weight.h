// What haproxy counts a message as. Its logs and statistics do not count the bytes on the wire but those of its own
// representation of the message: the parts without separators, a fixed part for the first line and one for the end.
#pragma once

#include <cstddef>
#include <string_view>

#include "http/responder.h"

namespace ddbproxy::http {

inline constexpr size_t first_line_weight = 20, end_of_head_weight = 1;

size_t weight(const Request& request);

/// Of the head alone; the body weighs its size.
inline size_t head_weight(const Response& response) {
  size_t sum = first_line_weight + std::string_view("HTTP/1.1200").size() + response.reason.size() + end_of_head_weight;
  for (const auto& [name, value] : response.headers) sum += name.size() + value.size();
  return sum;
}

}  // namespace ddbproxy::http
