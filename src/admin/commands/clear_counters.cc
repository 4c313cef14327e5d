// `clear counters`: maxima, or everything that was counted since the start.
#include "admin/runs.h"
#include "live/server_states.h"
#include "live/state.h"

namespace ddbproxy::admin {
namespace {

/// Each thread's struct holds counters and nothing else, so it is reset as the row of counters that it is.
template <class T>
void clear(base::Sharded<T>& counters) {
  static_assert(std::is_standard_layout_v<T> && sizeof(T) % sizeof(base::Counter) == 0);
  counters.for_each([](T& own) {
    for (base::Counter& counter : std::span(reinterpret_cast<base::Counter*>(&own), sizeof(T) / sizeof(base::Counter)))
      counter.reset();
  });
}

void clear_maxima(live::Frontend& frontend) {
  frontend.session_rate_max.set(0);
  frontend.connection_rate_max.set(0);
  frontend.request_rate_max.set(0);
  frontend.sessions_max.set(0);
}

template <class T>
void clear_maxima(T& backend_or_server) {
  backend_or_server.rate_max.set(0);
  backend_or_server.sessions_max.set(0);
  backend_or_server.queue_max.set(0);
  backend_or_server.times.clear_maxima();
}

}  // namespace

Answer run_clear_counters(Call& call) {
  const bool all = call.word(2) == "all";
  if (all && !call.may(model::CliLevel::admin)) return permission_denied();
  live::State& state = call.runtime.state;
  for (const auto& frontend : state.frontends()) {
    clear_maxima(*frontend);
    if (all) clear(frontend->counters);
  }
  for (const auto& backend : state.backends()) {
    clear_maxima(*backend);
    if (all) {
      clear(backend->counters);
      backend->times.clear();
    }
    for (const auto& server : backend->servers()) {
      clear_maxima(*server);
      if (!all) continue;
      clear(server->counters);
      server->times.clear();
      server->observed_failures = 0;
      call.runtime.states.clear_check_counts(*server);
    }
  }
  state.process.connection_rate_max.set(0);
  state.process.session_rate_max.set(0);
  return Answer::done();
}

}  // namespace ddbproxy::admin
