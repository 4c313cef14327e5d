// One client of the master's runtime API.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "admin/conversation.h"
#include "app/master/cli_words.h"
#include "base/fd.h"
#include "base/list.h"
#include "net/loop.h"

namespace ddbproxy::app {

class MasterCli;

/// Reads a command at a time, has it carried out by the process that it is for, and passes the answer on: each command
/// is a connection of its own to the worker's runtime API, or a Conversation with the master's. Does itself what
/// changes the client's own rights and modes. The client is read from only while it has nothing to read.
class CliSession : public base::ListNode {
 public:
  CliSession(MasterCli& owner, base::Fd fd, model::CliLevel level);

  void out_of_memory(base::Memory memory) {
    if (memory == base::Memory::broken_off) close();
  }

 private:
  enum class Interest : uint8_t { none, read, write };

  void ready(short) { go_on(); }
  void worker_ready(short) { go_on(); }
  void go_on();
  /// One step; false when there is something to wait for, or nothing any more.
  bool step();
  bool write();
  void read();
  bool take_line();
  void command(std::string_view text);
  /// What the session does itself; false when it is none of these.
  bool own_command(std::string_view text);
  void ask(pid_t whom, std::string_view text);
  void ask_worker(pid_t whom);
  bool hear_master();
  bool hear_worker();
  void answered();
  void refuse(std::string_view why);
  void want(Interest interest);
  void close();

  MasterCli& owner_;
  base::Fd fd_;
  MasterClient client_;
  pid_t target_ = 0;                             // where commands go that name nobody; 0: the master
  std::string input_;                            // not yet taken
  std::string held_;                             // a command whose payload is not whole yet
  std::string output_;                           // not yet written
  std::string question_;                         // what the process asked has not taken yet
  std::unique_ptr<admin::Conversation> master_;  // while the master answers
  base::Fd worker_;                              // while a worker does
  bool input_ended_ = false, leaving_ = false, closed_ = false, running_ = false;
  Interest interest_ = Interest::none;
  net::Event event_, worker_event_;
};

}  // namespace ddbproxy::app
