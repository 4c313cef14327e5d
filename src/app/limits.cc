#include "app/limits.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

#include <ddbproxy/peers.h>

#include "base/cpus.h"

namespace ddbproxy::app {
namespace {

uint32_t count_checks(const model::Model& model) {
  uint32_t checks = 0;
  for (const auto& proxy : model.proxies)
    if (proxy->backend)
      for (const auto& server : proxy->backend->servers) checks += server.check.enabled;
  return checks;
}

uint32_t count_listeners(const model::Model& model) {
  uint32_t listeners = 0;
  for (const auto& proxy : model.proxies)
    if (proxy->frontend)
      for (const auto& bind : proxy->frontend->binds) listeners += static_cast<uint32_t>(bind.listeners.size());
  for (const auto& section : model.peers)
    if (section->local >= 0) listeners += static_cast<uint32_t>(section->bind.listeners.size());
  for (const auto& socket : model.global.stats_sockets) listeners += static_cast<uint32_t>(socket.listeners.size());
  return listeners;
}

/// haproxy reckons with three for each of them.
uint32_t count_peer_connections(const model::Model& model) {
  uint32_t connections = 0;
  for (const auto& section : model.peers)
    if (section->works()) connections += 3 * static_cast<uint32_t>(section->peers.size());
  return connections;
}

}  // namespace

int thread_count(const model::Global& global) {
  if (global.nbthread) return global.nbthread;
  return std::min(base::usable_cpus(), 64);
}

Limits limits_of(const model::Model& model, const Options& options) {
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  // fd-hard-limit caps what maxconn may be worked out from.
  if (model.global.fd_hard_limit)
    descriptors.rlim_max = std::min<rlim_t>(descriptors.rlim_max, model.global.fd_hard_limit);
  return work_out_limits({.maxconn = options.maxconn ? options.maxconn : model.global.maxconn,
                          .ulimit_n = model.global.ulimit_n,
                          .listeners = count_listeners(model) + count_peer_connections(model),
                          .checks = count_checks(model),
                          .threads = static_cast<uint32_t>(thread_count(model.global)),
                          .runtime_api = model.global.has_runtime_api()
                                             ? model.global.stats_maxconn.value_or(model::default_stats_maxconn)
                                             : 0,
                          .maxpipes = model.global.maxpipes,
                          .memory_mb = options.memory_mb,
                          .soft_limit = descriptors.rlim_cur,
                          .hard_limit = descriptors.rlim_max});
}

Limits work_out_limits(const LimitsRequest& r) {
  // haproxy 2.6 assumes 28 connections a megabyte under -m, and at least 100 connections whatever the limit.
  constexpr uint32_t connections_per_megabyte = 28, fewest = 100;
  const uint32_t fixed = 10 + r.runtime_api + 3 * r.threads + r.listeners + r.checks + 2 * r.maxpipes;
  Limits limits;
  limits.maxconn = r.maxconn;
  if (!r.maxconn) {
    limits.chosen = true;
    const uint64_t descriptors = r.ulimit_n ? r.ulimit_n : r.hard_limit;
    const uint64_t affordable = descriptors > fixed ? (descriptors - fixed) / 2 : 0;
    limits.maxconn = static_cast<uint32_t>(std::clamp<uint64_t>(affordable, fewest, UINT32_MAX / 4));
    if (r.memory_mb) limits.maxconn = std::min(limits.maxconn, r.memory_mb * connections_per_megabyte);
  }
  limits.maxsock = 2 * limits.maxconn + fixed;
  limits.ulimit_n = r.ulimit_n ? r.ulimit_n : limits.maxsock;
  return limits;
}

uint32_t spare_pipes(const Limits& limits) {
  // Only flows that are bulk at this very moment use a pipe, and those beyond copy: a few are enough.
  constexpr rlim_t enough = 64;
  const rlim_t wanted = limits.maxsock + 2 * enough;
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  if (descriptors.rlim_cur < wanted) {
    // Root may raise the hard limit too; others go as far as it allows.
    const rlimit raised{wanted, std::max(wanted, descriptors.rlim_max)};
    const rlimit highest{std::min(wanted, descriptors.rlim_max), descriptors.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised)) setrlimit(RLIMIT_NOFILE, &highest);
    getrlimit(RLIMIT_NOFILE, &descriptors);
  }
  const rlim_t spare = descriptors.rlim_cur > limits.maxsock ? (descriptors.rlim_cur - limits.maxsock) / 2 : 0;
  // A maxconn that nobody asked for takes every descriptor there is, and is hardly ever reached.
  const rlim_t borrowed = limits.chosen ? limits.maxconn / 16 : 0;
  return static_cast<uint32_t>(std::min(enough, std::max(spare, borrowed)));
}

base::Status limit_memory(uint32_t megabytes) {
  if (megabytes) {
    const rlimit wanted{rlim_t{megabytes} << 20, rlim_t{megabytes} << 20};
    if (setrlimit(RLIMIT_AS, &wanted))
      return base::Error{errno, fmt::format("[haproxy.main()] Cannot fix MEM limit to {} megs.", megabytes)};
  }
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  if (limit.rlim_cur == RLIM_INFINITY) return base::ok();
  constexpr size_t small_stack = 512 * 1024;
  mallopt(M_ARENA_MAX, 1);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, small_stack);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
  return base::ok();
}

base::Status apply_limits(const Limits& limits, bool strict) {
  rlimit current{};
  getrlimit(RLIMIT_NOFILE, &current);
  if (current.rlim_cur >= limits.ulimit_n && current.rlim_max >= limits.ulimit_n) {
    // Never lowered: descriptors that libraries and logs open are not in the sum.
    return base::ok();
  }
  rlimit wanted{limits.ulimit_n, std::max<rlim_t>(current.rlim_max, limits.ulimit_n)};
  if (setrlimit(RLIMIT_NOFILE, &wanted) == 0) return base::ok();
  if (!strict) {
    // Without the right to raise the hard limit, as far as it goes.
    current.rlim_cur = current.rlim_max;
    setrlimit(RLIMIT_NOFILE, &current);
  }
  return base::Error{EPERM, fmt::format("[haproxy.main()] Cannot raise FD limit to {}, limit is {}.", limits.ulimit_n,
                                        current.rlim_cur)};
}

std::string say_limit_too_low(const Limits& limits) {
  rlimit current{};
  getrlimit(RLIMIT_NOFILE, &current);
  if (current.rlim_cur >= limits.maxsock) return {};
  return fmt::format(
      "[haproxy.main()] FD limit ({}) too low for maxconn={}/maxsock={}. Please raise 'ulimit-n' to {} or more to "
      "avoid "
      "any trouble.",
      current.rlim_cur, limits.maxconn, limits.maxsock, limits.maxsock);
}

}  // namespace ddbproxy::app
