// A client's stay on a listener in HTTP mode: requests one after the other, each answered by a responder or with 503.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/exchange.h"
#include "http/request_log.h"
#include "http/request_parser.h"
#include "http/responder.h"
#include "stream/stream.h"
#include "stream/worker.h"

namespace ddbproxy::http {

/// What HTTP streams answer with, and where.
struct Site {
  net::Loop& control;
  std::vector<Responder*> responders;  ///< The first that wants a request gets it.
};

/// Makes the streams of frontends in HTTP mode.
stream::Factory http_streams(Site site);

/// Holds at most one request, one piece of a response and one read's worth of what follows, however fast or slow its
/// client is.
class HttpStream final : public stream::Stream, private Asker {
 public:
  HttpStream(stream::Worker& worker, const Site& site, stream::Guest&& guest);
  ~HttpStream() override;

  void start() override;
  void resume() override;
  void kill(stream::Kill why) override;
  bool between_requests() const override { return phase_ == Phase::waiting; }
  stream::StreamDescription describe() const override;
  const live::Server* server() const override { return nullptr; }
  const live::Backend* backend() const override { return backend_; }
  const live::Frontend* frontend() const override { return &frontend_; }

 private:
  // waiting -> reading -> answering <-> writing -> draining -> waiting
  //                                             -> lingering -> gone
  enum class Phase : uint8_t {
    waiting,    // for the first byte of a request
    reading,    // its head, or the body that the responder needs
    answering,  // the control thread makes a piece of the response
    writing,    // the client takes it
    draining,   // the response is out; the rest of the request's body is read past
    lingering,  // all is said; what the client still sends is read past, so that it gets to read our last words
    gone,
  };

  void ready(short what);
  void timed_out();
  void read();
  void take(std::string_view bytes);
  void advance();
  void begin_request();
  void route();
  void answer_monitor(const model::Monitor& monitor);
  void ask();
  void count_sent(size_t bytes);
  void answered() override;
  void piece_ready() override;
  void no_answer() override;
  void respond(const Response& response);
  void refuse(int status, std::string_view termination);
  void append_piece();
  void write();
  void all_written();
  void next_request();
  void client_gone(bool by_error);
  std::string_view answered_by() const;
  void finish_request(std::string_view termination);
  void linger();
  void leave();
  void watch(bool reading);
  live::Backend* default_backend() const;
  base::Milliseconds or_forever(const model::Duration& a, const model::Duration& b, const model::Duration& c) const;
  void arm(base::Milliseconds delay);

  stream::Worker& worker_;
  const Site& site_;
  stream::Guest guest_;  // with the client's socket
  const live::FrontendConfig& config_;
  live::Frontend& frontend_;
  live::Backend* backend_;  // whose rule answers, or where the request would have gone
  RequestParser parser_;
  RequestLog log_;
  Responder* responder_ = nullptr;
  const model::Proxy* proxy_ = nullptr;  // whose rule answers
  std::shared_ptr<Exchange> exchange_;   // while a response is made
  std::string out_;                      // what the client has not taken yet
  size_t out_sent_ = 0;
  std::string pending_;  // bytes behind the request at hand
  Phase phase_ = Phase::waiting;
  bool first_request_ = true, keep_ = true, chunked_ = false, head_only_ = false, routed_ = false, denied_ = false;
  bool continue_sent_ = false, too_late_ = false, too_early_ = false;
  uint64_t received_ = 0;  // of the request at hand, on the wire
  net::Event event_;       // after the socket that it watches
  net::Timer timer_;
};

}  // namespace ddbproxy::http
