// One connection to the runtime API.
#pragma once

#include <string>

#include "admin/conversation.h"
#include "base/fd.h"
#include "base/list.h"
#include "net/loop.h"
#include "stream/stream.h"

namespace ddbproxy::admin {

class SocketServer;

/// How a client of the runtime API came.
struct Caller {
  Address client, socket;
  uint32_t socket_number;  ///< from 1
  uint64_t request_number;
};

/// Moves the bytes of a Conversation, and closes after the idle timeout. A client that does not read what it asked for
/// is not read from either. Control thread only; its SocketServer destroys it.
class Session : public base::ListNode {
 public:
  Session(SocketServer& server, net::Loop& loop, Runtime& runtime, base::Fd fd, Client client, Caller caller);

  stream::StreamDescription describe() const;
  /// Closes it when its answer could not be made. What the reserve sufficed for is answered: now of all times somebody
  /// should be able to look.
  void out_of_memory(base::Memory memory) {
    if (memory == base::Memory::broken_off) close();
  }

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
  Caller caller_;
  base::WallTime accepted_ = std::chrono::system_clock::now();
  base::Instant last_active_ = base::now();
  uint64_t bytes_in_ = 0, bytes_out_ = 0;
  Conversation conversation_;
  std::string output_;
  size_t written_ = 0;  // of output_
  Interest interest_ = Interest::none;
  bool going_on_ = false, closing_ = false;
  net::Event event_;
  net::Timer idle_timer_;
};

}  // namespace ddbproxy::admin
