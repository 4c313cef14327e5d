#include "stream/extras.h"

#include <utility>

#include "stream/guest.h"
#include "stream/name_wait.h"

namespace ddbproxy::stream {

void ExtrasDeleter::operator()(Extras* extras) const { delete extras; }

Extras::~Extras() {
  for (const auto& name : names) forget(*name);
}

using sticky::StickData;

void Extras::count_session(base::Instant now) {
  const sticky::Tick tick = sticky::tick_of(now);
  for (sticky::Tracked& each : tracked) {
    if (!each) continue;
    each.pin().add(StickData::sess_cnt, tick);
    each.pin().add(StickData::sess_rate, tick);
  }
}

void Extras::count_bytes(uint64_t in, uint64_t out, base::Instant now) {
  const sticky::Tick tick = sticky::tick_of(now);
  const uint64_t more_in = in - std::exchange(counted_in, in), more_out = out - std::exchange(counted_out, out);
  for (sticky::Tracked& each : tracked) {
    if (!each) continue;
    if (more_in) {
      each.pin().add(StickData::bytes_in_cnt, tick, more_in);
      each.pin().add(StickData::bytes_in_rate, tick, more_in);
    }
    if (more_out) {
      each.pin().add(StickData::bytes_out_cnt, tick, more_out);
      each.pin().add(StickData::bytes_out_rate, tick, more_out);
    }
  }
}

}  // namespace ddbproxy::stream
