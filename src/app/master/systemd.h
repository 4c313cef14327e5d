// Tells systemd how the service is: sd_notify(3), whose protocol is one datagram for each message.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/clock.h"

namespace ddbproxy::app {

/// The messages, line by line "NAME=value".
std::string ready_message(pid_t main_pid, std::string_view status);
std::string reloading_message(int64_t monotonic_us);
inline constexpr std::string_view stopping_message = "STOPPING=1", alive_message = "WATCHDOG=1";

/// How often the watchdog wants to hear of us, from WATCHDOG_USEC and WATCHDOG_PID (null where not set): half of the
/// time after which it would end us. None: it does not, or means another process.
std::optional<base::Milliseconds> watchdog_interval(const char* microseconds, const char* pid, pid_t own_pid);

/// Talks to NOTIFY_SOCKET, a path or an abstract name ("@name"); without one it says nothing.
class Systemd {
 public:
  explicit Systemd(bool wanted);
  /// Waits at most a second for somebody who listens; with `now`, not at all.
  void say(std::string_view message, bool now = false) const;
  const std::optional<base::Milliseconds>& watchdog() const { return watchdog_; }

 private:
  std::string socket_;
  std::optional<base::Milliseconds> watchdog_;
};

}  // namespace ddbproxy::app
