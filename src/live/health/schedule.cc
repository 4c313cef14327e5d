#include "live/health/schedule.h"

#include <algorithm>

#include "base/random.h"

namespace ddbproxy::live {

base::Milliseconds check_interval(const model::Check& check, int health, OperState state) {
  if (health == check.rise + check.fall - 1) return check.inter;
  if (state == OperState::stopped && health == 0) return check.downinter.value_or(check.inter);
  return check.fastinter.value_or(check.inter);
}

base::Milliseconds check_time_limit(base::Milliseconds inter, const model::Timeouts& timeouts) {
  if (timeouts.check && timeouts.connect && timeouts.connect->count()) return std::min(inter, *timeouts.connect);
  return inter;
}

model::Duration check_answer_limit(const model::Timeouts& timeouts) {
  if (timeouts.check && timeouts.check->count()) return timeouts.check;
  return {};
}

base::Milliseconds first_check(base::Milliseconds own, base::Milliseconds shortest, base::Milliseconds longest,
                               size_t index, size_t count) {
  base::Milliseconds over = std::max(own, shortest);
  if (longest.count()) over = std::min(over, longest);
  return over * static_cast<int64_t>(index) / static_cast<int64_t>(count);
}

base::Milliseconds spread(base::Milliseconds interval, int percent, double chance) {
  const int64_t most = interval.count() * percent / 100;
  return interval + base::Milliseconds(most - static_cast<int64_t>(2 * static_cast<double>(most) * chance));
}

base::Milliseconds spread_randomly(base::Milliseconds interval, int percent) {
  return spread(interval, percent, std::uniform_real_distribution<>()(base::random_generator()));
}

}  // namespace ddbproxy::live
