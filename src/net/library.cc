#include "net/library.h"

#include <cstdlib>
#include <event2/event.h>

#include "base/memory.h"
#include "net/loop.h"

namespace ddbproxy::net {

void give_events_a_reserve() {
  event_set_mem_functions(base::allocate_or_reserve, base::reallocate_or_reserve, std::free);
}

std::string event_library_version() { return event_get_version(); }

std::string polling_method() {
  Loop loop;
  return event_base_get_method(loop.base());
}

}  // namespace ddbproxy::net
