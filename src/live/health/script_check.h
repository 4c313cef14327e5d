// The check that follows a script of steps over connections of its own; a mere connection is the shortest script.
#pragma once

#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "live/health/check.h"
#include "live/health/check_evaluator.h"
#include "live/health/expectation.h"
#include "live/server.h"
#include "net/loop.h"

namespace ddbproxy::live {

/// What a script's check follows, and where it goes unless its steps say.
struct CheckScript {
  const model::CheckSettings& settings;
  const Server::CheckPlace& place;
  bool of_agent = false;                ///< An agent expects no PROXY header, whatever the server does.
  CheckEvaluator* evaluator = nullptr;  ///< null: the script has nothing to evaluate
};

/// Connections are reset when they are no longer needed, unless the server has closed first or the script wants them to
/// linger: a server that accepts in its own time never sees a check that only connects.
class ScriptCheck final : public Check {
 public:
  ScriptCheck(const Server& server, const CheckScript& script, net::Loop& loop, Listener& listener);

  std::optional<CheckResult> start() override;
  CheckResult time_out() override;
  void cancel() override;

 private:
  using Ended = std::optional<CheckResult>;
  // Each goes on until it must wait (empty) or the check has ended.
  Ended advance();
  Ended connect();
  Ended send();
  Ended expect();

  void on_decided(short);
  void on_writable(short);
  void on_readable(short);
  void end(const Ended& ended);

  const model::CheckStep& step() const { return steps_[at_]; }
  size_t number() const;
  std::string_view comment() const;
  Address target();
  /// Empty: a format has made no bytes, and the check is over.
  std::optional<std::string> bytes_to_send();
  CheckMoment moment();
  /// What the text is at this moment; false: it must be hexadecimal digits, and is not.
  bool resolve(model::CheckText& text);
  model::CheckRequest resolve(const model::CheckRequest& request);
  /// The expectation of this step, its texts as they are now; else why it has failed.
  base::Result<model::CheckExpect> resolve(const model::CheckExpect& expect);
  Judgement judge_answer(bool whole);
  bool sends_proxy_header() const;
  bool goes_through_socks4() const;
  void ask_socks4();
  void on_socks4_answer(short);
  void connected();
  bool hears_first() const;
  bool server_has_closed() const;
  void disconnect();
  /// The 404 of a server that is to receive no more (`http-check disable-on-404`).
  bool is_farewell() const;
  CheckResult passed() const;
  /// Adds to a failure of the connection where it happened.
  CheckResult failed(CheckStatus status, std::string words) const;

  const Server& server_;
  const CheckScript script_;
  const model::CheckSettings& settings_;
  const std::vector<model::CheckStep>& steps_;
  net::Loop& loop_;
  Listener& listener_;
  const size_t limit_;  // Of the bytes of an answer.

  size_t at_ = 0;
  bool linger_ = false, closed_ = false;
  bool awaits_socks4_ = false;  // The proxy has been asked to reach the server.
  bool met_ = false;            // The expectation that was judged last.
  std::string unsent_, answer_;
  CheckMemory memory_;
  Variables variables_;
  base::Fd socket_;
  net::Event event_;
};

}  // namespace ddbproxy::live
