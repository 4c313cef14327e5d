// A listening socket of a frontend.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <ddbproxy/model.h>

#include "base/fd.h"
#include "live/counters.h"

namespace ddbproxy::live {

/// As one generation has it: where the next one listens on the same address, it has a descriptor of its own for the
/// same socket, so that nobody who waits there is lost.
struct Listener {
  const model::Bind* bind = nullptr;
  std::string place;  ///< The address as configured, and what else makes it another socket: see net::socket_place().
  Address address;    ///< As bound: with the port the kernel chose.
  base::Fd fd;
  uint32_t id = 0;       ///< As `show stat` numbers it.
  int backlog = 0;       ///< How many clients the kernel lets wait.
  bool goes_on = false;  ///< The next generation accepts on the same socket.
  std::string name;      ///< As the log calls it: the bind line's name, or the number.
  /// Its connections now, for the bind line's own maxconn. Shared by all generations, as the counters.
  std::shared_ptr<std::atomic<uint32_t>> active = std::make_shared<std::atomic<uint32_t>>(0);
  std::shared_ptr<base::Sharded<ListenerCounters>> counters;  ///< Null without `option socket-stats`.
};

}  // namespace ddbproxy::live
