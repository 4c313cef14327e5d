// show events: what rings hold, and what comes into them.
#include <algorithm>
#include <fmt/format.h>

#include <ddbproxy/log_sections.h>

#include "admin/runs.h"
#include "live/state.h"
#include "log/ring_servers.h"
#include "log/rings.h"

namespace ddbproxy::admin {
namespace {

Answer list_sinks(const model::Model& model) {
  std::string text =
      "Supported events sinks are listed below. Add -w(wait), -n(new). Any key to stop\n"
      "    stdout     : type=fd, 0 dropped, standard output (fd#1)\n"
      "    stderr     : type=fd, 0 dropped, standard output (fd#2)\n"
      "    buf0       : type=buffer, 0 dropped, in-memory ring buffer\n";
  for (const auto& ring : model.rings)
    text += fmt::format("    {:<10} : type=buffer, 0 dropped, {}\n", ring->name, ring->description);
  return Answer::warning(std::move(text));
}

struct Wanted {
  bool wait = false, only_new = false;
};

/// "-w", "-n", or both in one word.
bool read_options(const Call& call, Wanted& wanted) {
  for (size_t i = 3; call.has(i); ++i) {
    const std::string& word = call.word(i);
    if (!word.starts_with('-')) return false;
    for (const char c : std::string_view(word).substr(1)) {
      if (c != 'w' && c != 'n') return false;
      (c == 'w' ? wanted.wait : wanted.only_new) = true;
    }
  }
  return true;
}

}  // namespace

Answer run_show_events(Call& call) {
  const model::Model& model = call.runtime.state.model();
  if (!call.has(2)) return list_sinks(model);
  if (!call.may(model::CliLevel::operator_)) return permission_denied();
  const std::string& name = call.word(2);
  if (name == "stdout" || name == "stderr") return Answer::notice("Nothing to report for this sink");
  const bool known =
      name == log::own_ring || std::ranges::any_of(model.rings, [&](const auto& ring) { return ring->name == name; });
  if (!known) return Answer::error("No such event sink");
  Wanted wanted;
  if (!read_options(call, wanted)) return Answer::error("unknown option");
  const std::shared_ptr<log::Ring> ring = log::find_ring(name);
  constexpr auto for_ever = ~log::Ring::Position{0};
  const log::Ring::Position end = wanted.wait ? for_ever : ring->newest();
  Answer answer =
      Answer::pieces([ring, end, at = wanted.only_new ? ring->newest() : ring->oldest()](std::string& out) mutable {
        if (at >= end || !ring->read(at, out)) return false;
        out += '\n';
        return true;
      });
  if (wanted.wait && call.runtime.services.rings)
    answer.follow = [rings = call.runtime.services.rings](std::function<void()> wake) {
      return rings->watch(std::move(wake));
    };
  return answer;
}

}  // namespace ddbproxy::admin
