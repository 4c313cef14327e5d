// An HTTP request as plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/address.h>

namespace ddbproxy::http {

struct Header {
  std::string name, value;  ///< Name as received; value without blanks around it.
};

/// A request with its whole body, unless that is longer than a buffer holds.
struct Request {
  std::string method, target, version;  ///< As in the request line.
  std::vector<Header> headers;
  std::string body;
  bool body_truncated = false;  ///< The body did not fit: `body` is empty.
  Address client;               ///< Who asks; set by the stream.

  /// The value of the first header of this name, without regard to case; null when there is none.
  const std::string* header(std::string_view name) const;
};

}  // namespace ddbproxy::http
