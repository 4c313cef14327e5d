// Feeds arbitrary bytes to a client's conversation with the runtime API; whatever they ask for, its memory is bounded.
// All in memory: one loop and one model serve every run, and the console says nothing and remembers nothing.
#include <cstdint>
#include <cstdlib>

#include "../unit/admin/talk.h"
#include "live/dynamic_servers.h"
#include "live/farewell.h"
#include "live/health/health_monitor.h"
#include "live/names/server_names.h"
#include "log/console.h"
#include "outside.h"

using namespace ddbproxy;
using namespace ddbproxy::admin;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static net::Loop loop;
  static const std::shared_ptr<const model::Model> model = small_model();
  static const bool quiet = [] {
    log::silence_console(true);
    log::end_of_startup();
    return true;
  }();
  static_cast<void>(quiet);
  const fuzz::NothingOutside nothing;
  Talk talk(model::CliLevel::admin, &loop, model);
  live::HealthMonitor health(talk.state, talk.states, loop);
  live::ServerNames names(talk.state, talk.states, loop);
  live::Farewell farewell(talk.state, loop);
  live::DynamicServers servers(talk.state, health, names, farewell);
  talk.services.names = &names;
  talk.services.servers = &servers;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::string out;
  while (!rest.empty()) {
    const size_t take = std::min(rest.size(), talk.conversation.room());
    talk.conversation.receive(rest.substr(0, take));
    rest.remove_prefix(take);
    Conversation::Next next;
    do {
      out.clear();
      next = talk.conversation.advance(out, 4096);
      if (out.size() > 1 << 20) std::abort();
    } while (next == Conversation::Next::output);
    if (next == Conversation::Next::end) break;
    if (take == 0) std::abort();  // It asks for more, and takes nothing.
  }
  return 0;
}
