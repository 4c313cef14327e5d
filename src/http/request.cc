#include "http/request.h"

#include "base/text.h"

namespace ddbproxy::http {

const std::string* Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (base::equals_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

}  // namespace ddbproxy::http
