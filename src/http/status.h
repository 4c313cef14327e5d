// The answers that the proxy gives by itself: one row a status.
#pragma once

#include <string>
#include <string_view>

#include "http/responder.h"

namespace ddbproxy::http {

struct StatusRow {
  int status;
  std::string_view reason;
  std::string_view message;
};

/// The row of a status; that of 500 when it has none.
const StatusRow& status_row(int status);
/// The page that says what went wrong.
std::string status_page(const StatusRow& row);
/// The whole answer to a request that was understood.
Response status_response(int status);
/// The same as the proxy wants it: from its errorfile when it has one for this status.
Response error_response(const model::Proxy& proxy, int status);
/// The whole answer to what could not be read as a request: haproxy gives it header names of another case.
std::string refusal(int status);

}  // namespace ddbproxy::http
