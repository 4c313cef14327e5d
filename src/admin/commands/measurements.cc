// What haproxy measures of its own machinery. None of it exists here: the lists are empty and profiling is off.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "admin/runs.h"
#include "admin/targets.h"
#include "base/thread_slot.h"

namespace ddbproxy::admin {
namespace {

constexpr std::string_view profiling_state =
    "Per-task CPU profiling              : off           # set profiling tasks {on|auto|off}\n"
    "Memory usage profiling              : off           # set profiling memory {on|off}\n";
constexpr std::string_view task_head =
    "Tasks activity:\n"
    "  function                      calls   cpu_tot   cpu_avg   lat_tot   lat_avg\n";

/// What of it `show profiling` is asked for.
struct Part {
  std::string_view word;
  bool state, tasks;
};
constexpr std::array parts{Part{"all", true, true}, Part{"status", true, false}, Part{"tasks", false, true},
                           Part{"memory", false, false}, Part{"byaddr", true, true}};

}  // namespace

Answer run_show_pools(Call&) {
  return Answer::document(
      "Dumping pools usage. Use SIGQUIT to flush them.\n"
      "Total: 0 pools, 0 bytes allocated, 0 used (~0 by thread caches).\n");
}

Answer run_show_tasks(Call&) {
  return Answer::document(
      fmt::format("Running tasks: 0 ({} threads)\n"
                  "  function                     places     %    lat_tot   lat_avg\n",
                  base::workers()));
}

Answer run_show_profiling(Call& call) {
  Part wanted = parts.front();
  for (size_t i = 2; call.has(i); ++i) {
    const auto* part = std::ranges::find(parts, call.word(i), &Part::word);
    if (part != parts.end())
      wanted = *part;
    else if (leading_number(call.word(i)) <= 0)
      return Answer::error(
          "Expects either 'all', 'status', 'tasks', 'memory', 'byaddr' or a max number of output lines.\n");
  }
  std::string text;
  if (wanted.state) text += profiling_state;
  if (wanted.tasks) text += task_head;
  return Answer::document(std::move(text));
}

Answer run_set_profiling(Call& call) {
  if (call.word(2) == "memory") return Answer::error("Memory profiling not compiled in.\n");
  if (call.word(2) != "tasks") return Answer::error("Expects either 'tasks' or 'memory'.\n");
  if (call.word(3) == "off") return Answer::done();
  if (call.word(3) == "on" || call.word(3) == "auto") return not_supported("set profiling tasks");
  return Answer::error("Expects 'on', 'auto', or 'off'.\n");
}

/// The outputs that haproxy calls sinks. Nothing is kept in them to be shown.

}  // namespace ddbproxy::admin
