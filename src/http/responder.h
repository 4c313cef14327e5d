// What answers a request on an HTTP listener: the stats page is one.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ddbproxy::live {
class Frontend;
}

namespace ddbproxy::http {

struct Header {
  std::string name, value;  ///< Name as received.
};

/// A parsed request with its whole body.
struct Request {
  std::string method, target, version;  ///< As in the request line.
  std::vector<Header> headers;
  std::string body;
  bool body_truncated = false;  ///< Longer than a buffer holds.

  /// The value of the first header of this name, without regard to case; null when there is none.
  const std::string* header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Without framing headers; those are the stream's.
  std::string body;
  std::string termination = "LR";  ///< First letters of the termination state in the log.
  std::string server = "<STATS>";  ///< What the log has for the server.
};

/// Answers requests; called on the control thread or a worker, so it must be thread-safe.
class Responder {
 public:
  virtual ~Responder() = default;
  /// True when `respond` will answer this request.
  virtual bool wants(const live::Frontend& frontend, const Request& request) const = 0;
  virtual Response respond(const live::Frontend& frontend, const Request& request) = 0;
};

}  // namespace ddbproxy::http
