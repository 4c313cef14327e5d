// Feeds arbitrary bytes to a client's conversation with the runtime API; whatever they ask for, its memory is bounded.
// All in memory: one loop serves every run, and the console says nothing.
#include <cstdint>
#include <cstdlib>

#include "../unit/admin/talk.h"
#include "log/console.h"

using namespace ddbproxy;
using namespace ddbproxy::admin;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static net::Loop loop;
  log::silence_console(true);
  Talk talk(model::CliLevel::admin, &loop);
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
