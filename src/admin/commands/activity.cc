// What the threads do: `show activity` and `show threads`.
#include <chrono>
#include <ctime>
#include <fmt/format.h>
#include <pthread.h>

#include "admin/runs.h"
#include "live/state.h"
#include "stream/workers.h"

namespace ddbproxy::admin {
namespace {

/// "name: total [ of each thread ]", as haproxy has it.
void write_row(std::string& out, std::string_view name, const std::vector<uint64_t>& each) {
  uint64_t total = 0;
  for (uint64_t n : each) total += n;
  out += fmt::format("{}: {} [", name, total);
  for (uint64_t n : each) out += fmt::format(" {}", n);
  out += " ]\n";
}

/// CPU time that a thread has used; 0 when it has ended.
int64_t cpu_ns(pthread_t thread) {
  clockid_t clock;
  timespec used{};
  if (!pthread_getcpuclockid(thread, &clock)) clock_gettime(clock, &used);
  return int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

}  // namespace

/// Of haproxy's rows those that exist here, and the sessions of each thread; thread 0 is the control thread.
Answer run_show_activity(Call& call) {
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  const size_t threads = static_cast<size_t>(base::workers()) + 1;
  std::vector<uint64_t> accepted(threads), sessions(threads);
  for (const auto& frontend : call.runtime.state.frontends()) {
    size_t thread = 0;
    frontend->counters.for_each([&](live::FrontendCounters& own) { accepted[thread++] += own.conn_tot.get(); });
  }
  if (stream::Workers* workers = call.runtime.services.workers)
    for (size_t i = 0; i < workers->size() && i + 1 < threads; ++i) sessions[i + 1] = (*workers)[i].load();

  const int64_t us = now.time_since_epoch().count();
  std::string text = fmt::format("thread_id: 0 (0..{})\ndate_now: {}.{:06}\n", threads - 1, us / 1000000, us % 1000000);
  write_row(text, "accepted", accepted);
  write_row(text, "sessions", sessions);
  return Answer::document(std::move(text));
}

/// In haproxy's layout, as far as it has a meaning here: which thread answers, which are at work, and their CPU time.
Answer run_show_threads(Call& call) {
  std::string text;
  const auto write = [&](size_t number, pthread_t thread, bool answers, bool active, size_t sessions) {
    fmt::format_to(std::back_inserter(text),
                   "{} Thread {} : id={:#x} act={:d} sessions={}\n             cpu_ns: now={}\n", answers ? '*' : ' ',
                   number, thread, active, sessions, cpu_ns(thread));
  };
  write(0, pthread_self(), true, true, 0);
  if (stream::Workers* workers = call.runtime.services.workers)
    for (size_t i = 0; i < workers->size(); ++i) {
      const size_t sessions = (*workers)[i].load();
      write(i + 1, workers->thread(i), false, sessions > 0, sessions);
    }
  return Answer::document(std::move(text));
}

}  // namespace ddbproxy::admin
