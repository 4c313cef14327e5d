// The check by a program: its exit status is the result.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "base/fd.h"
#include "live/health/check.h"
#include "net/loop.h"

namespace ddbproxy::live {

class Server;

/// Runs the program beside the loop and hears of its end through a descriptor of the process. One that takes too long
/// is asked to end (SIGTERM), and is killed when it has not done so by the next try. Nobody waits for it.
class ExternalCheck final : public Check {
 public:
  ExternalCheck(const Server& server, net::Loop& loop, Listener& listener)
      : server_(server), loop_(loop), listener_(listener) {}
  ~ExternalCheck() override;

  std::optional<CheckResult> start() override;
  CheckResult time_out() override;
  void cancel() override;

 private:
  void on_ended(short);
  void end_by(int signal);
  void kill_leaving();

  const Server& server_;
  net::Loop& loop_;
  Listener& listener_;
  pid_t pid_ = -1;              // -1: none runs
  std::vector<pid_t> leaving_;  // were told to end
  base::Fd process_;
  net::Event event_;
};

/// What the program is told: its arguments, and its environment as NAME=value. Pure.
std::vector<std::string> external_check_arguments(const Server& server);
std::vector<std::string> external_check_environment(const Server& server);

}  // namespace ddbproxy::live
