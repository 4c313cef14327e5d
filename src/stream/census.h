// Goes over the streams of all workers, each on its own thread: what they are, what they hold, which shall end.
#pragma once

#include <functional>
#include <vector>

#include "live/state.h"
#include "stream/stream.h"

namespace ddbproxy::net {
class Loop;
}

namespace ddbproxy::stream {

class Workers;

/// Any thread. What is asked may outlive it; who asks is answered once, on the loop of `reply_on`.
class Census {
 public:
  explicit Census(Workers& workers) : workers_(workers) {}

  /// Ends every stream that `matches`, in each worker's own time.
  void kill_where(std::function<bool(const Stream&)> matches, Kill why);
  /// Ends the stream with this id (`shutdown session`); `done` is told whether it was found.
  void kill(uint64_t id, Kill why, net::Loop& reply_on, std::function<void(bool)> done);
  /// Describes every stream for which `wanted` holds (empty: all).
  void describe_all(std::function<bool(const Stream&)> wanted, net::Loop& reply_on,
                    std::function<void(std::vector<StreamDescription>)> done);
  /// See live::Hooks.
  void measure_traffic(net::Loop& reply_on, std::function<void(const live::Traffic&)> done);
  /// See live::Hooks.
  void find_mentions(live::Hooks::Mentions asked, net::Loop& reply_on,
                     std::function<void(const live::Hooks::Mentions& mentioned)> done);

 private:
  Workers& workers_;
};

}  // namespace ddbproxy::stream
