// What one client of the runtime API says and hears: bytes in, bytes out, no socket.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "admin/answer.h"
#include "admin/client.h"
#include "admin/command_line.h"
#include "admin/services.h"

namespace ddbproxy::admin {

/// Reads a command at a time and answers it whole before the next, like haproxy 2.6. Its memory is bounded by one
/// command, one payload and one piece of an answer.
class Conversation {
 public:
  /// `wake` is called on the control thread when an answer that was to come later has come.
  Conversation(Runtime& runtime, Client client, std::function<void()> wake);

  /// How many more bytes it takes now; 0 while it has enough to do.
  size_t room() const;
  void receive(std::string_view bytes);
  /// The client sends nothing more. What it asked for is still answered; a command without its end is not.
  void end_of_input() { input_ended_ = true; }

  /// What it goes on with.
  enum class Next : uint8_t {
    output,  ///< has more to say when `out` is written
    input,   ///< needs more bytes, or their end
    answer,  ///< waits for an answer that comes later: wake() will be called
    either,  ///< the same, but input ends the answer
    end,     ///< close, once the last byte is written
    leave,   ///< give the connection to taker()
  };
  /// Answers until `out` holds `enough` bytes or it must wait.
  Next advance(std::string& out, size_t enough);
  /// With Next::input: everything asked for was answered and there is no prompt, so close unless more was sent.
  bool satisfied() const { return answered_ && !client_.prompt && !in_payload_ && input_.empty(); }
  const Client& client() const { return client_; }
  const std::function<void(base::Fd connection)>& taker() const { return taker_; }

 private:
  /// Where an answer that comes later is laid down; gone when the client has left meanwhile.
  struct Pending {
    std::optional<Answer> answer;
  };
  bool take_command(std::string& out);
  bool take_payload_line(std::string& out);
  void run_next(std::string& out);
  void begin(std::string& out, Answer answer);
  void end_answer(std::string& out);
  void refuse(std::string& out, std::string_view why);

  Runtime& runtime_;
  Client client_;
  std::function<void()> wake_;
  std::string input_;             // from the beginning of a command, or of a line of its payload
  std::optional<Words> command_;  // at hand
  std::string payload_;           // of the command at hand
  bool in_payload_ = false, input_ended_ = false, finished_ = false, answered_ = false;
  bool preamble_ = false;  // the command at hand is one, see is_preamble()
  Producer more_;
  std::shared_ptr<void> following_;  // the answer at hand goes on until there is input
  std::function<void(base::Fd connection)> taker_;
  std::shared_ptr<Pending> pending_;
};

}  // namespace ddbproxy::admin
