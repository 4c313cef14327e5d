// What answers requests on an HTTP listener instead of a server: the stats page is one.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/request.h"

namespace ddbproxy::live {
class Frontend;
}

namespace ddbproxy::http {

/// A body that is written piece by piece, so that a slow reader of a long one costs no memory. Control thread.
class Body {
 public:
  virtual ~Body() = default;
  /// Appends the next piece, some ten kilobytes; false when it was the last.
  virtual bool next(std::string& out) = 0;
};

struct Response {
  int status = 200;
  std::string reason = "OK";
  std::vector<std::pair<std::string, std::string>> headers;  ///< Without framing headers; those are the stream's.
  std::string text;                                          ///< The body, sent with a content-length;
  std::unique_ptr<Body> body;                                ///< or, when there is one, sent in chunks.
};

/// Answers requests. Only wants() is called on a worker; everything else happens on the control thread, where the
/// servers' health may be read and changed, so that a long answer never delays a byte.
class Responder {
 public:
  virtual ~Responder() = default;
  /// Any thread: true when `respond` will answer this request.
  virtual bool wants(const live::Frontend& frontend, const Request& request) const = 0;
  virtual Response respond(const live::Frontend& frontend, const Request& request) = 0;
};

}  // namespace ddbproxy::http
