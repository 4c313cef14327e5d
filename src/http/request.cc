#include "http/request.h"

#include "base/text.h"

namespace ddbproxy::http {

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Field& field : head.fields()) {
    if (base::equals_ignoring_case(field.name.of(text), name)) return field.value.of(text);
  }
  return {};
}

}  // namespace ddbproxy::http
