// The seam between a server's checker and the kinds of check: one try, and how it ended.
#pragma once

#include <optional>

#include "live/server_words.h"

namespace ddbproxy::live {

/// One kind of health check of one server. Lives on the control loop.
class Check {
 public:
  /// Whoever waits for a result. ended() is called from the loop, once for each start() unless cancelled.
  class Listener {
   public:
    virtual void ended(const CheckResult& result) = 0;
    /// A connection is being made, or stands: its time begins anew.
    virtual void connecting() = 0;
    virtual void connected() = 0;
    /// Nothing that may still come changes anything: the try only waits for its time to be up, for this reason.
    virtual void waits_in_vain(const std::string& why) = 0;

   protected:
    ~Listener() = default;
  };

  virtual ~Check() = default;
  /// Begins a try; empty when its result will come later.
  virtual std::optional<CheckResult> start() = 0;
  /// Its time is up: ends the try, and says what that means.
  virtual CheckResult time_out() = 0;
  /// Ends the try without a result.
  virtual void cancel() = 0;
};

}  // namespace ddbproxy::live
