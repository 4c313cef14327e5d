// What is counted and logged of one request, from its first byte to the end of its response.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/request.h"
#include "live/state.h"
#include "sample/stream_facts.h"
#include "stream/worker.h"

namespace ddbproxy::http {

/// Lives in an HttpStream, on its worker's thread.
class RequestLog {
 public:
  /// `guest` outlives it.
  RequestLog(live::State& state, const stream::Guest& guest);

  /// The connection is free for a request.
  void wait(base::Instant now);
  /// Its first byte has come.
  void begin(base::Instant now);
  /// It has been read, and weighs this much.
  void understood(const Request& request, size_t weight, base::Instant now);
  /// A responder answers it.
  void intercept(live::Backend* backend, base::Instant now);
  /// It refuses it, as the one of this backend.
  void refuse(live::Backend* backend);
  /// It is counted, but not logged.
  void leave_out() { left_out_ = true; }
  /// It forbids it.
  void deny();
  /// The response has this status, and its head weighs this much.
  void status(int status, size_t weight);
  void add_body(size_t bytes) { weight_out_ += bytes; }
  /// Counts and logs it. `backend` may be null.
  void finish(std::string_view termination, const std::string& backend_name, live::Backend* backend,
              uint64_t wire_bytes, base::Instant now);
  sample::StreamFacts facts(const std::string& backend_name, base::Instant now) const;

 private:
  void count_request(base::Instant now);
  void cut_line();
  uint64_t take_number();
  void count(live::Backend* backend, base::Instant now);
  const char* server_name() const { return intercepted_ ? "<STATS>" : "<NOSRV>"; }

  live::State& state_;
  const live::FrontendConfig& config_;
  live::Frontend& frontend_;
  live::Listener& listener_;
  const stream::Arrival& arrival_;
  base::WallTime waiting_wall_;
  base::Instant waiting_since_, begun_at_, understood_at_;
  std::string method_, target_, version_;
  size_t weight_in_ = 0, weight_out_ = 0;
  uint64_t request_number_ = 0;
  int status_ = -1;
  bool counted_ = false, understood_ = false, intercepted_ = false, left_out_ = false;
  mutable sample::HttpFacts http_;
};

}  // namespace ddbproxy::http
