// What answers requests on an HTTP listener instead of a server: the stats page is one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.h"

namespace ddbproxy::live {
struct FrontendConfig;
}
namespace ddbproxy::model {
struct Proxy;
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
  int status = 200;  ///< 0: the connection is closed without a word
  std::string_view reason = "OK";
  /// As sent, with the content-length of `text`; the stream adds transfer-encoding and connection.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text;            ///< The body,
  std::unique_ptr<Body> body;  ///< or, when there is one, a longer one that is sent in chunks.
  bool http_1_0 = false;       ///< Said to be of that version, whatever the client's is.
  bool until_close = false;    ///< The end of the connection is the end of the body.
  bool refused = false;        ///< For want of a password or by a rule: counted among the backend's aborts.
  bool denied = false;         ///< A rule forbids the request: logged and counted as that.
  bool unlogged = false;       ///< The request is worth no line in the log.
  int logged_status = 0;       ///< When the log and the counters are to say another.
  size_t logged_more = 0;      ///< Bytes that the log and the counters are to add.
};

/// Answers requests. Only wants() is called on a worker; everything else happens on the control thread, where the
/// servers' health may be read and changed, so that a long answer never delays a byte.
class Responder {
 public:
  virtual ~Responder() = default;
  /// Any thread: the proxy for whose sake `respond` will answer this request; null when it will not.
  virtual const model::Proxy* wants(const live::FrontendConfig& frontend, const Request& request) const = 0;
  /// Any thread: the answer to a request that it wants does not depend on the body, which need not be waited for.
  virtual bool refuses(const model::Proxy&, const Request&) const { return false; }
  virtual Response respond(const model::Proxy& proxy, const Request& request) = 0;
  using Done = std::function<void(Response)>;
  /// The same for who has to ask others first: `done` is called at once or later, on the control thread.
  virtual void answer(const model::Proxy& proxy, const Request& request, const Done& done) {
    done(respond(proxy, request));
  }
};

}  // namespace ddbproxy::http
