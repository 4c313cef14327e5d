// What was removed or replaced, until nobody can know it any more.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "live/mentioned.h"
#include "live/state.h"
#include "net/loop.h"
#include "sample/patterns/leftovers.h"

namespace ddbproxy::live {

/// A deleted server stands in no list, and a replaced generation is published no more; but a worker may just have found
/// it, and a session may name it in its log line to come. So connections count no references: instead all workers are
/// asked, in rounds. In the first each of them leaves behind what it was about to do when the thing went; after that
/// nobody new can come to it, and the first round that begins with it idle and ends with nobody mentioning it was the
/// last. Control thread.
class Farewell {
 public:
  Farewell(State& state, net::Loop& loop);

  /// Keeps it that long, and then calls `gone`, if there is one, before it is freed.
  void take(std::shared_ptr<const Mentioned> leaving, std::function<void()> gone = {});
  /// Keeps what a list of patterns had until no worker can still look at it.
  void take(sample::Leftovers leftovers);
  size_t size() const { return leaving_.size(); }

 private:
  struct Leaving {
    std::shared_ptr<const Mentioned> who;
    std::function<void()> gone;
    int rounds = 0;     ///< that are over
    bool idle = false;  ///< when the round began
    bool asked = false;
  };

  void begin_round();
  void end_round(const Hooks::Mentions& mentioned);
  static bool may_go(const Leaving& each, const Hooks::Mentions& mentioned);

  State& state_;
  std::vector<Leaving> leaving_;
  bool in_round_ = false;
  net::Timer retry_;
};

}  // namespace ddbproxy::live
