// The watch on one listening socket: lets clients in as fast as the limits allow.
#pragma once

#include "live/frontend.h"
#include "net/loop.h"

namespace ddbproxy::stream {

class Admission;
class Doorkeeper;

/// Lives on its doorkeeper's thread, the only one that accepts on this socket.
///
///   off -> accepting                       open()
///   accepting -> waiting -> accepting      a maxconn is reached; somebody has left (Doorkeeper::look_again)
///   accepting -> resting -> accepting      a rate is exceeded, or descriptors or memory lack; a moment later
///   any -> off                             close()
class Acceptor {
 public:
  Acceptor(Doorkeeper& door, const live::FrontendConfig& config, live::Listener& listener);

  void open();
  void close();
  /// Lets in who has come already, as far as the limits allow: closing the socket would reset their connections.
  void take_the_waiting();
  /// Somebody has left: looks again if it was waiting.
  void room_made();

 private:
  enum class State : uint8_t { off, accepting, waiting, resting };
  /// What became of one attempt to let a client in.
  enum class Attempt : uint8_t { accepted, nobody, full, too_fast, no_resources };

  void on_clients(short);
  void on_rested();
  Attempt accept_one();
  Attempt take_client();
  void wait_for_room();
  void rest(base::Milliseconds delay);
  void report_shortage(int error);

  Doorkeeper& door_;
  Admission& admission_;
  const live::FrontendConfig& config_;
  live::Listener& listener_;
  State state_ = State::off;
  // A client who came in when a client of another listener took the last place; the next to have a session.
  base::Fd accepted_;
  Address accepted_peer_;
  bool shortage_reported_ = false;
  uint32_t wake_ups_ = 0, at_a_time_ = 1;
  net::Event readable_;
  net::Timer rested_;
};

}  // namespace ddbproxy::stream
