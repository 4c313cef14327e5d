// `show resolvers`: what the name servers of each section have answered.
#include <fmt/format.h>
#include <utility>

#include "admin/runs.h"
#include "live/names/server_names.h"

namespace ddbproxy::admin {
namespace {

using live::NameServerCounters;

/// The counters, as haproxy names and aligns them.
struct Row {
  const char* head;
  uint64_t NameServerCounters::*member;
};
constexpr Row rows[] = {
    {"  sent:        ", &NameServerCounters::sent},     {"  snd_error:   ", &NameServerCounters::send_errors},
    {"  valid:       ", &NameServerCounters::valid},    {"  update:      ", &NameServerCounters::update},
    {"  cname:       ", &NameServerCounters::cname},    {"  cname_error: ", &NameServerCounters::broken_aliases},
    {"  any_err:     ", &NameServerCounters::empty},    {"  nx:          ", &NameServerCounters::nonexistent},
    {"  timeout:     ", &NameServerCounters::timeout},  {"  refused:     ", &NameServerCounters::refused},
    {"  other:       ", &NameServerCounters::other},    {"  invalid:     ", &NameServerCounters::invalid},
    {"  too_big:     ", &NameServerCounters::too_big},  {"  truncated:   ", &NameServerCounters::truncated},
    {"  outdated:    ", &NameServerCounters::outdated},
};

void write(std::string& out, const live::Resolver& resolver) {
  out += fmt::format("Resolvers section {}\n", resolver.config().name);
  for (size_t index = 0; index < resolver.name_servers(); ++index) {
    const auto& server = resolver.name_server(index);
    out += fmt::format(" nameserver {}:\n", server.config.name);
    for (const Row& row : rows) out += fmt::format("{}{}\n", row.head, server.counters.*row.member);
  }
}

}  // namespace

Answer run_show_resolvers(Call& call) {
  std::string out;
  bool found = false;
  if (const live::ServerNames* names = call.runtime.services.names)
    for (const auto& resolver : names->resolvers()) {
      if (call.has(2) && resolver->config().name != call.word(2)) continue;
      found = true;
      write(out, *resolver);
    }
  if (call.has(2) && !found) return Answer::error("Can't find that resolvers section\n");
  return Answer::document(std::move(out));
}

}  // namespace ddbproxy::admin
