// An HTTP request that ddbproxy answers itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <ddbproxy/address.h>

#include "http/head.h"

namespace ddbproxy::live {
class Generation;
}

namespace ddbproxy::http {

/// A request with its whole body, unless that is longer than a buffer holds.
struct Request {
  Head head{Head::Use::answer, 100};
  std::string text;  ///< The bytes of the head; where a header goes on in further lines, blanks replace the line ends.
  std::string body;
  bool body_truncated = false;  ///< The body did not fit: `body` is empty.
  Address client;               ///< Who asks; set by the stream.
  /// What the stream goes by: conditions of its proxies speak of this one, whatever a reload has made since. Null: the
  /// latest.
  const live::Generation* generation = nullptr;

  // As in the request line.
  std::string_view method() const { return head.method.of(text); }
  std::string_view target() const { return head.target.of(text); }
  std::string_view version() const { return head.version.of(text); }
  /// The value of the first header of this name, without regard to case; nothing when there is none.
  std::optional<std::string_view> header(std::string_view name) const;
};

}  // namespace ddbproxy::http
