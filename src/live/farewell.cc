#include "live/farewell.h"

#include <algorithm>
#include <utility>

namespace ddbproxy::live {
namespace {

/// Between two rounds for those whose sessions are not over.
constexpr std::chrono::seconds patience{1};

/// Nobody keeps these beyond a callback.
struct Unseen final : Mentioned {
  explicit Unseen(sample::Leftovers what) : leftovers(std::move(what)) {}
  sample::Leftovers leftovers;
};

}  // namespace

Farewell::Farewell(State& state, net::Loop& loop) : state_(state) { retry_.bind<&Farewell::begin_round>(loop, *this); }

void Farewell::take(std::shared_ptr<const Mentioned> leaving, std::function<void()> gone) {
  leaving_.push_back({std::move(leaving), std::move(gone)});
  begin_round();
}

void Farewell::take(sample::Leftovers leftovers) {
  if (!leftovers.empty()) take(std::make_shared<const Unseen>(std::move(leftovers)));
}

void Farewell::begin_round() {
  if (in_round_ || leaving_.empty()) return;
  in_round_ = true;
  retry_.cancel();
  Hooks::Mentions asked;
  for (Leaving& each : leaving_) {
    each.asked = true;
    each.idle = each.who->idle();
    asked.push_back(each.who.get());
  }
  if (!state_.hooks.find_mentions) return end_round({});
  state_.hooks.find_mentions(std::move(asked), [this](const Hooks::Mentions& mentioned) { end_round(mentioned); });
}

bool Farewell::may_go(const Leaving& each, const Hooks::Mentions& mentioned) {
  return each.rounds > 1 && each.idle &&
         std::find(mentioned.begin(), mentioned.end(), each.who.get()) == mentioned.end();
}

void Farewell::end_round(const Hooks::Mentions& mentioned) {
  in_round_ = false;
  bool soon = false;
  std::vector<Leaving> gone;
  for (Leaving& each : leaving_) {
    if (std::exchange(each.asked, false)) ++each.rounds;
    soon |= each.rounds < 2;
    if (may_go(each, mentioned)) gone.push_back(std::move(each));
  }
  std::erase_if(leaving_, [](const Leaving& each) { return !each.who; });
  for (Leaving& each : gone)
    if (each.gone) each.gone();
  if (soon) return begin_round();
  if (!leaving_.empty()) retry_.arm(patience);
}

}  // namespace ddbproxy::live
