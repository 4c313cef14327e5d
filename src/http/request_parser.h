// Reads HTTP/1 requests from a client's bytes as they come (RFC 9112), as strictly as haproxy 2.6 does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/body_reader.h"
#include "http/request.h"

namespace ddbproxy::http {

/// Pure: takes bytes, touches no socket, keeps no byte of theirs beyond the limits. One request after the other: feed()
/// stops behind the end of a request, and reset() makes ready for the next.
class RequestParser {
 public:
  struct Limits {
    size_t head = 15360;  ///< Bytes up to the blank line: tune.bufsize - tune.maxrewrite.
    size_t headers = 100;
    size_t body = 15360;  ///< Bytes of the body that are kept.
  };
  explicit RequestParser(Limits limits) : limits_(limits) { request_.head = Head(Head::Use::answer, limits.headers); }

  /// Consumes bytes up to the end of the request or the first byte that is wrong; returns how many.
  size_t feed(std::string_view bytes);
  /// Forgets the request that has ended.
  void reset();

  /// A byte of a request has come; empty lines before it do not count.
  bool begun() const { return request_.head.begun(); }
  bool head_complete() const { return state_ >= State::body && !failed(); }
  bool complete() const { return state_ == State::done; }
  bool failed() const { return state_ == State::failed; }
  int error_status() const { return error_status_; }  ///< What to answer when it failed.

  const Request& request() const { return request_; }
  Request& request() { return request_; }
  /// From now on the body's bytes are skipped.
  void discard_body() { discard_ = true; }
  /// The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const { return expects_continue_; }
  bool http_1_0() const { return http_1_0_; }
  /// The client lets another request follow on this connection.
  bool keep_alive() const { return keep_alive_; }

 private:
  enum class State : uint8_t { head, body, done, failed };

  size_t take_head(std::string_view bytes);
  void end_head();
  void read_connection(bool smuggling);
  size_t take_body(std::string_view bytes);
  void fail(int status = 400);

  Limits limits_;
  Request request_;
  State state_ = State::head;
  int error_status_ = 0;
  BodyReader body_;
  bool discard_ = false, expects_continue_ = false, http_1_0_ = false, keep_alive_ = true;
};

}  // namespace ddbproxy::http
