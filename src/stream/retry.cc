// What to do after a connection to a server has failed.
#include "stream/retry.h"

#include <algorithm>

namespace ddbproxy::stream {
namespace {

/// `option redispatch <interval>`: positive counts retries from the first, negative from the last, -1 being the last.
bool interval_reached(const model::Backend& backend, int number) {
  const int interval = backend.redispatch_interval;
  if (interval > 0) return number % interval == 0;
  const int from_end = backend.retries + 1 + interval;
  return interval < 0 && from_end > 0 && number % from_end == 0;
}

}  // namespace

bool is_deterministic(model::Algorithm algorithm) {
  switch (algorithm) {
    case model::Algorithm::roundrobin:
    case model::Algorithm::static_rr:
    case model::Algorithm::leastconn:
    case model::Algorithm::first:
    case model::Algorithm::random: return false;
    case model::Algorithm::source:
    case model::Algorithm::uri:
    case model::Algorithm::url_param:
    case model::Algorithm::hdr:
    case model::Algorithm::rdp_cookie: return true;
  }
  return false;
}

Retry plan_retry(const model::Backend& backend, int number, bool refused, uint32_t active_servers, bool tied) {
  if (number > backend.retries) return {};
  // Where nothing ties the client to its server, another one is taken at once, whatever the interval.
  const bool elsewhere = active_servers > 1 && !tied && !is_deterministic(backend.balance.algorithm);
  const bool any = backend.redispatch && (elsewhere || interval_reached(backend, number));
  return {.where = any ? Retry::Where::any_server : Retry::Where::same_server,
          .pause = refused && (!any || active_servers <= 1)};
}

model::Milliseconds retry_pause(const model::Timeouts& timeouts) {
  constexpr model::Milliseconds longest{1000};
  return timeouts.connect && timeouts.connect->count() ? std::min(*timeouts.connect, longest) : longest;
}

}  // namespace ddbproxy::stream
