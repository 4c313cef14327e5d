#include "http/weight.h"

#include "base/text.h"

namespace ddbproxy::http {
namespace {

// haproxy takes "close" and "keep-alive" out of a Connection header, and the header when nothing else is in it.
size_t connection_weight(std::string_view name, std::string_view value) {
  size_t kept = 0;
  bool taken = false;
  for (std::string_view token : base::split(value, ',')) {
    token = base::trim(token);
    if (base::equals_ignoring_case(token, "close") || base::equals_ignoring_case(token, "keep-alive"))
      taken = true;
    else if (!token.empty())
      kept += token.size() + (kept > 0);
  }
  if (kept == 0) return 0;
  return name.size() + (taken ? kept : value.size());
}

}  // namespace

size_t weight(const Request& request) {
  size_t sum = first_line_weight + request.method().size() + request.target().size() + request.version().size() +
               end_of_head_weight + request.body.size();
  for (const Field& field : request.head.fields()) {
    const std::string_view name = field.name.of(request.text), value = field.value.of(request.text);
    sum += base::equals_ignoring_case(name, "connection") ? connection_weight(name, value) : name.size() + value.size();
  }
  return sum;
}

}  // namespace ddbproxy::http
