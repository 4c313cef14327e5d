// What a session adds up to, for its log line and for the counters; each number is counted where haproxy 2.6 counts it.
#pragma once

#include <string_view>

#include "live/backend.h"
#include "live/frontend.h"
#include "live/server.h"
#include "live/state.h"
#include "sample/stream_facts.h"

namespace ddbproxy::stream {

/// One session's numbers. Lives in its stream, on one thread.
class SessionRecord {
 public:
  SessionRecord(live::State& state, const live::FrontendConfig& config, base::Instant accepted, int64_t handshake_ms);

  /// The session goes to this backend.
  void enter(const live::BackendConfig& backend);
  /// It may wait no longer: the queue's time ends here.
  void assigned(base::Instant now);
  /// A connection to this server, or null: to an address that is none's, is tried.
  void attempt(live::Server* server, base::Instant now);
  /// It is under way, and counts as the server's session.
  void begun(base::Instant now);
  void connected(base::Instant now) { connect_ms_ = since_accept(now); }
  /// Another try on the server of before, or on another than that one.
  void retry_on_same();
  void redispatch_from(live::Server& before);
  void one_more_retry() { ++retries_; }
  /// No connection came of it: at the server, or before one was found.
  void connection_failed();
  /// Ends the stay in the backend, so that the log line no longer counts it.
  void leave_backend();
  /// Adds bytes, aborts and times to the counters, once, at the end. `termination`: its two letters.
  void close(std::string_view termination, uint64_t bytes_in, uint64_t bytes_out, base::Instant now);
  /// Adds to the counters what has been moved since the last time; close() does so, too.
  void count(uint64_t bytes_in, uint64_t bytes_out, base::Instant now);
  /// What the next count() would add.
  void add_uncounted(uint64_t bytes_in, uint64_t bytes_out, live::Traffic& sums) const;

  void no_server() { server_ = nullptr; }
  void set_server(live::Server& server) { server_ = &server; }
  void queued_at(uint32_t server_position, uint32_t backend_position);

  /// For the log line; the addresses are left to the stream.
  sample::StreamFacts facts(uint64_t bytes_in, uint64_t bytes_out, std::string_view termination,
                            base::Instant now) const;
  int64_t since_accept(base::Instant now) const { return base::milliseconds_between(accepted_, now); }

  live::Frontend& frontend() const { return config_.frontend; }
  live::Backend* backend() const { return backend_config_ ? &backend_config_->backend : nullptr; }
  /// What the session goes by, on either side, until its end; the second once it has a backend.
  const live::FrontendConfig& config() const { return config_; }
  const live::BackendConfig& backend_config() const { return *backend_config_; }
  live::Server* server() const { return server_; }
  int retries() const { return retries_; }
  base::Instant accepted() const { return accepted_; }
  bool reached_server() const { return connect_ms_ >= 0; }

 private:
  uint64_t counted_in_ = 0, counted_out_ = 0;
  live::State& state_;
  const live::FrontendConfig& config_;
  const live::BackendConfig* backend_config_ = nullptr;
  live::Server* server_ = nullptr;  // the last one tried
  base::Instant accepted_;
  base::WallTime accepted_wall_;
  uint64_t number_;  // of all sessions of the process
  // Milliseconds since accept; -1: not reached.
  int64_t queue_ms_ = -1, connect_ms_ = -1;
  int32_t handshake_ms_;
  int32_t retries_ = 0;
  uint32_t server_queue_ = 0, backend_queue_ = 0;
  bool redispatched_ = false, in_backend_ = false;
};

}  // namespace ddbproxy::stream
