#include "net/library.h"

#include <event2/event.h>

#include "net/loop.h"

namespace ddbproxy::net {

std::string event_library_version() { return event_get_version(); }

std::string polling_method() {
  Loop loop;
  return event_base_get_method(loop.base());
}

}  // namespace ddbproxy::net
