// A fixed table of servers by weight, rebuilt when one comes or goes: what static-rr and map-based hashing choose from.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/sharded.h"
#include "base/snapshot.h"

namespace ddbproxy::live {

class Server;

/// Changes are made by the control thread; get() is by any thread, and the table it gives never changes.
class ServerMap {
 public:
  using Table = std::vector<Server*>;

  explicit ServerMap(std::span<Server* const> servers);
  void add(Server& server);
  void remove(Server& server);
  void set_weight(Server& server, int weight);
  /// Valid until this thread's next call.
  const Table& get() { return readers_.local().get(table_); }

 private:
  void rebuild();

  std::vector<Server*> servers_;
  std::vector<int> weights_;  // effective, in the order of servers_
  int unit_;                  // effective weight of one place: what all configured weights are multiples of
  base::Published<Table> table_;
  base::Sharded<base::Snapshot<Table>> readers_;
};

}  // namespace ddbproxy::live
