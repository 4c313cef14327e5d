#include "http/status.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <ddbproxy/model.h>

namespace ddbproxy::http {
namespace {

constexpr std::array rows{
    StatusRow{200, "OK", "Service ready."},
    StatusRow{400, "Bad request", "Your browser sent an invalid request."},
    StatusRow{401, "Unauthorized", "You need a valid user and password to access this content."},
    StatusRow{403, "Forbidden", "Request forbidden by administrative rules."},
    StatusRow{408, "Request Time-out", "Your browser didn't send a complete request in time."},
    StatusRow{413, "Payload Too Large", "The request entity exceeds the maximum allowed."},
    StatusRow{422, "Unprocessable Content", "The server cannot process the contained instructions."},
    StatusRow{500, "Internal Server Error", "An internal server error occurred."},
    StatusRow{503, "Service Unavailable", "No server is available to handle this request."},
};

}  // namespace

const StatusRow& status_row(int status) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const StatusRow& row) { return row.status == status; });
  return found != rows.end() ? *found : status_row(500);
}

std::string status_page(const StatusRow& row) {
  return fmt::format("<html><body><h1>{} {}</h1>\n{}\n</body></html>\n", row.status, row.reason, row.message);
}

Response status_response(int status) {
  const StatusRow& row = status_row(status);
  Response response;
  response.status = row.status;
  response.reason = row.reason;
  response.text = status_page(row);
  response.headers = {{"content-length", std::to_string(response.text.size())},
                      {"cache-control", "no-cache"},
                      {"content-type", "text/html"}};
  return response;
}

Response error_response(const model::Proxy& proxy, int status) {
  const auto file = std::find_if(proxy.errorfiles.begin(), proxy.errorfiles.end(),
                                 [&](const model::ErrorFile& each) { return each.code == status; });
  if (file == proxy.errorfiles.end()) return status_response(status);
  Response response;
  response.status = file->status;
  response.reason = file->reason;
  response.http_1_0 = file->http_1_0;
  response.headers = file->headers;
  response.text = file->body;
  response.until_close = std::none_of(file->headers.begin(), file->headers.end(),
                                      [](const auto& header) { return header.first == "content-length"; });
  return response;
}

std::string refusal(int status) {
  const StatusRow& row = status_row(status);
  const std::string page = status_page(row);
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-length: {}\r\nCache-Control: no-cache\r\nConnection: close\r\n"
      "Content-Type: text/html\r\n\r\n{}",
      row.status, row.reason, page.size(), page);
}

}  // namespace ddbproxy::http
