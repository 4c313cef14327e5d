// Who may come in: the limits on connections and on their rates, and the counts of those who came.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "live/frontend.h"
#include "live/state.h"

namespace ddbproxy::stream {

/// Any thread.
class Admission {
 public:
  /// `look_again` is called with the slot of a worker whose clients wait for room, once there may be some.
  Admission(live::ProcessCounters& process, int workers, std::function<void(int slot)> look_again);

  /// How long no client may come in, since a rate is over its limit; 0: now.
  base::Milliseconds excess_rate(const live::FrontendConfig& config, base::Instant now) const;
  /// Whether claim() would be likely to succeed.
  bool has_room(const live::Frontend& frontend, const live::Listener& listener) const;
  /// Makes room for one more connection under the process's, the frontend's and the bind line's maxconn, or under none.
  bool claim(live::Frontend& frontend, live::Listener& listener);
  /// Gives the room back, and wakes the workers whose clients wait for it.
  void release(live::Frontend& frontend, live::Listener& listener);
  /// From now on release() wakes the worker with this slot, once.
  void wait_for_room(int slot);
  /// A limit was raised (`set maxconn`, `set rate-limit`): waiting clients are looked at again.
  void limits_changed();

  /// Counts a connection that was claimed; and its session, which may begin later.
  void count_connection(live::Frontend& frontend, base::Instant now);
  void count_session(live::Frontend& frontend, live::Listener& listener, base::Instant now);

 private:
  live::ProcessCounters& process_;
  const int workers_;
  const std::unique_ptr<std::atomic<bool>[]> waiting_;  // by index of the worker
  const std::function<void(int slot)> look_again_;
};

}  // namespace ddbproxy::stream
