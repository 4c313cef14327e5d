// Who may come in.
#include "stream/admission.h"

#include <algorithm>

namespace ddbproxy::stream {
namespace {

/// How long until a rate that is over its limit may be below it again; 0 when it is not over.
base::Milliseconds excess(const base::Rate& rate, uint32_t limit, base::Instant now) {
  if (!limit || rate.per_second(now) < limit) return base::Milliseconds{0};
  return base::Milliseconds{std::max(1u, 1000 / limit)};
}

void count(base::Rate& rate, base::Maximum& most, base::Instant now) {
  rate.add(now);
  most.raise(rate.per_second(now));
}

}  // namespace

Admission::Admission(live::ProcessCounters& process, int workers, std::function<void(int slot)> look_again)
    : process_(process),
      workers_(workers),
      waiting_(new std::atomic<bool>[static_cast<size_t>(workers)]()),
      look_again_(std::move(look_again)) {}

base::Milliseconds Admission::excess_rate(const live::FrontendConfig& config, base::Instant now) const {
  return std::max({excess(process_.connection_rate, process_.connection_rate_limit, now),
                   excess(process_.session_rate, process_.session_rate_limit, now),
                   excess(config.frontend.session_rate, config.settings().rate_limit_sessions, now)});
}

bool Admission::has_room(const live::Frontend& frontend, const live::Listener& listener) const {
  const uint32_t limit = process_.maxconn, own_limit = listener.bind->maxconn;
  return (!limit || process_.current_connections < limit) && (!own_limit || *listener.active < own_limit) &&
         frontend.current_sessions() < frontend.maxconn();
}

bool Admission::claim(live::Frontend& frontend, live::Listener& listener) {
  const uint32_t limit = process_.maxconn, own_limit = listener.bind->maxconn;
  if (!has_room(frontend, listener) || !frontend.admit()) return false;
  // Both are counted in any case: release() takes both back.
  const uint32_t in_process = ++process_.current_connections, on_listener = ++*listener.active;
  const bool within = (!limit || in_process <= limit) && (!own_limit || on_listener <= own_limit);
  // Another worker was faster; what was taken for a moment may have kept a third one waiting.
  if (!within) release(frontend, listener);
  return within;
}

void Admission::release(live::Frontend& frontend, live::Listener& listener) {
  --*listener.active;
  frontend.leave();
  --process_.current_connections;
  // Pairs with the fence in wait_for_room(): either the waiting worker sees the room, or this one sees it wait.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  limits_changed();
}

void Admission::wait_for_room(int slot) {
  waiting_[static_cast<size_t>(slot - 1)].store(true, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void Admission::limits_changed() {
  for (int slot = 1; slot <= workers_; ++slot) {
    std::atomic<bool>& waiting = waiting_[static_cast<size_t>(slot - 1)];
    if (waiting.load(std::memory_order_relaxed) && waiting.exchange(false)) look_again_(slot);
  }
}

void Admission::count_connection(live::Frontend& frontend, base::Instant now) {
  frontend.counters.local().conn_tot.add();
  frontend.sessions_max.raise(frontend.current_sessions());
  count(frontend.connection_rate, frontend.connection_rate_max, now);
  process_.total_connections.fetch_add(1, std::memory_order_relaxed);
  count(process_.connection_rate, process_.connection_rate_max, now);
}

void Admission::count_session(live::Frontend& frontend, live::Listener& listener, base::Instant now) {
  frontend.counters.local().stot.add();
  if (listener.counters) {
    listener.counters->local().stot.add();
    listener.counters->local().sessions_max.raise(listener.active->load(std::memory_order_relaxed));
  }
  count(frontend.session_rate, frontend.session_rate_max, now);
  count(process_.session_rate, process_.session_rate_max, now);
}

}  // namespace ddbproxy::stream
