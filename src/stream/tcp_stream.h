// A client's stay in TCP mode: find a server, connect, relay, and say at the end how it went.
#pragma once

#include "base/fd.h"
#include "live/lease.h"
#include "net/compact_address.h"
#include "net/flow.h"
#include "net/loop.h"
#include "stream/evaluation.h"
#include "stream/session_record.h"
#include "stream/worker.h"

namespace ddbproxy::stream {

/// Lives on one worker's thread. What it holds while idle is its memory price for every connected client: two watched
/// sockets, one timer, and no buffer.
///
///   start -> inspecting                     rules wait for bytes, or for their time to be up
///   start | inspecting -> queued | connecting   a server's slot is free, or not
///   queued -> connecting                    granted()
///   connecting -> established               the server has answered
///   connecting -> pausing -> connecting     refused or timed out, with retries left; pausing may lead to queued too
///   any -> over                             finish(): both sides have ended, an error, a timeout, kill()
class TcpStream final : public Stream, private live::Waiter {
 public:
  TcpStream(Worker& worker, Guest&& guest);
  /// Closes its sockets: so late, since the others' bytes are waited for and this is not.
  ~TcpStream() override;

  /// The stream::Factory of mode tcp.
  static std::unique_ptr<Stream> make(Worker& worker, Guest&& guest);

  void start() override;
  void resume() override;
  void look_again() override;
  void kill(Kill why) override;
  StreamDescription describe() const override;
  sample::StreamFacts facts() const override;
  void add_uncounted(live::Traffic& sums) const override;
  const live::Server* server() const override { return lease_.server(); }
  const live::Server* mentioned_server() const override {
    return record_.server() ? record_.server() : previous_server_;
  }
  const live::Backend* backend() const override { return record_.backend(); }
  const live::Frontend* frontend() const override { return &record_.frontend(); }

 private:
  enum class Phase : uint8_t { inspecting, queued, connecting, pausing, established, over };

  void on_client(short what);
  void on_server(short what);
  void on_timer();
  short awaited_of_client() const;
  short awaited_of_server() const;
  void granted(live::Lease lease) override;

  // Rules, and the way to a backend (tcp_stream_rules.cc).
  void route();
  bool passes(const model::Proxy& proxy);
  const live::BackendConfig* choose_backend();
  live::Server* wanted_server();
  std::optional<uint32_t> balance_hash() const;
  void learn();
  bool response_passes();
  Evaluation evaluation();
  void deny(bool silently);
  void fail_in_request(char who);
  base::Instant request_deadline() const;

  // Towards a server (tcp_stream_connect.cc).
  void assign(const live::Server* previous, live::Server* kept = nullptr);
  void use(live::Lease lease);
  void go_directly();
  void leave_queue();
  void connect();
  Address target() const;
  Address address_of(const live::Server& server) const;
  std::string_view client_namespace() const;
  void on_connect_decided(short what);
  void ask_socks4();
  void on_socks4_answer();
  void attempt_failed(char who, bool refused);
  void retry();
  void established();
  bool send_proxy_header();
  void client_had_ended();
  void client_moved_early();
  void client_left_early();
  bool connection_is_made();

  // Between both.
  void relay();
  void client_broke_off();
  void server_broke_off();
  void forward_end_to_client(base::Instant now);
  bool forward_end_to_server(base::Instant now);
  bool server_has_closed(base::Instant now);

  // Time.
  base::Instant deadline() const;
  base::Instant client_deadline() const;
  base::Instant server_deadline() const;
  void set_deadline(const model::Duration& delay);
  void arm(base::Instant when);
  void idle_too_long(base::Instant now);

  /// Ends it with this termination state, unless an earlier cause was noted.
  void finish(char who, char stage);
  void close_client();
  void close_server();
  void log(bool partial);
  sample::StreamFacts facts(base::Instant now) const;
  Address destination() const;
  Address server_address() const;

  Worker& worker_;
  live::Listener& listener_;
  SessionRecord record_;
  live::Lease lease_;
  live::Place place_;
  live::Server* previous_server_ = nullptr;  // the one that the last attempt failed on
  base::Instant phase_deadline_ = base::Instant::max();
  base::Instant armed_for_ = base::Instant::max();
  net::CompactAddress client_address_, destination_;
  net::Flow up_, down_;  // client to server, server to client
  base::Fd client_, server_;
  OwnExtras extras_;  // what rules have set; null: nothing
  net::Event client_event_, server_event_;
  net::Timer timer_;
  Phase phase_ = Phase::queued;
  model::ProxyHeaderOptions proxy_header_;  // what its server awaits first
  char termination_[2] = {'-', '-'};
  // Bits, since there is one of these for every idle client.
  bool retry_anywhere_ : 1 = false;
  bool direct_ : 1 = false;  // it goes to no server: see go_directly()
  bool tied_ : 1 = false;    // its server was not chosen by balancing
  bool forced_ : 1 = false;  // `force-persist` holds: its server is tried again, and no other
  bool through_socks4_ : 1 = false, asked_socks4_ : 1 = false;   // a proxy is to reach the server; it has been asked to
  bool response_held_ : 1 = false, response_begun_ : 1 = false;  // rules hold the server's bytes back; they have run
  bool received_proxy_ : 1 = false;
  bool client_shut_ : 1 = false, server_shut_ : 1 = false;      // we have sent our FIN there
  bool client_failed_ : 1 = false, server_failed_ : 1 = false;  // their connection is broken
  bool logged_ : 1 = false;
};

}  // namespace ddbproxy::stream
