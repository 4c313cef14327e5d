// Checks one server again and again, and passes each result on.
#pragma once

#include <memory>

#include "live/generation.h"
#include "live/health/check.h"
#include "live/server_states.h"
#include "net/loop.h"

namespace ddbproxy::live {

class CheckEvaluator;

/// Lives on the control loop. It ends when the server's proxy is stopped: a try that is under way may finish, but its
/// result counts no more.
class Checker final : public Check::Listener {
 public:
  Checker(Server& server, ServerStates& states, net::Loop& loop, CheckEvaluator* evaluator);

  /// The first check comes after `delay`.
  void start(base::Milliseconds delay);
  /// The next check comes after `delay`, or when it would have come anyway if that is earlier.
  void hurry(base::Milliseconds delay);
  /// The configuration is another: the next try goes by it. The one under way goes on by the old one.
  void renew();
  Server& server() { return server_; }

 private:
  void on_timer();
  void begin();
  void ended(const CheckResult& result) override;
  void connecting() override;
  void connected() override;
  void waits_in_vain(const std::string&) override {}
  void wait();
  void arm(base::Milliseconds delay);

  Server& server_;
  ServerStates& states_;
  net::Loop& loop_;
  CheckEvaluator* evaluator_;
  std::shared_ptr<const Generation> generation_;  // whose settings check_ refers to
  std::unique_ptr<Check> check_;
  bool outdated_ = false;
  net::Timer timer_;
  base::Instant began_{}, due_{};
};

}  // namespace ddbproxy::live
