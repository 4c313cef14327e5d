// One connection to the runtime API.
#pragma once

#include <string>

#include "admin/conversation.h"
#include "base/fd.h"
#include "base/list.h"
#include "net/loop.h"

namespace ddbproxy::admin {

class SocketServer;

/// Moves the bytes of a Conversation, and closes after the idle timeout. A client that does not read what it asked for
/// is not read from either. Control thread only; its SocketServer destroys it.
class Session : public base::ListNode {
 public:
  Session(SocketServer& server, net::Loop& loop, Runtime& runtime, base::Fd fd, Client client);

 private:
  enum class Interest : uint8_t { none, read, write };

  void ready(short);
  void expired();
  /// Reads, answers and writes one piece, then waits for what it needs next: a huge answer to a fast reader does not
  /// hold up the other clients of the loop.
  void go_on();
  /// Takes what the client has sent; true when that was all there is for now.
  bool read();
  /// True when everything is written.
  bool write();
  void want(Interest interest);
  void close();

  SocketServer& server_;
  net::Loop& loop_;
  base::Fd fd_;
  Conversation conversation_;
  std::string output_;
  size_t written_ = 0;  // of output_
  Interest interest_ = Interest::none;
  bool going_on_ = false, closing_ = false;
  net::Event event_;
  net::Timer idle_timer_;
};

}  // namespace ddbproxy::admin
