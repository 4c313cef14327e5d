// A line of the statistics: one frontend, listening socket, server or backend, and the walk over all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "live/state.h"

namespace ddbproxy::stats {

/// The numbers are those of the `type` column.
enum class RowKind : uint8_t { frontend = 0, backend = 1, server = 2, listener = 3 };

/// What one line is about; the members that its kind has not are null.
struct Row {
  RowKind kind = RowKind::frontend;
  const model::Proxy* proxy = nullptr;
  live::Frontend* frontend = nullptr;        ///< frontend, listener
  const live::Listener* listener = nullptr;  ///< listener
  size_t listener_number = 0;                ///< listener: from 1
  live::Backend* backend = nullptr;          ///< backend, server
  live::Server* server = nullptr;            ///< server
  base::Instant now{};
  bool details = true;          ///< Addresses, cookies and algorithms may be shown.
  bool counts_servers = false;  ///< The backend's status says how many of its servers are up.
  const char* kind_name() const;
};

/// Which lines are wanted.
struct Filter {
  static constexpr unsigned frontends = 1, backends = 2, servers = 4, listeners = 8, everything = 15;
  int proxy_id = -1;               ///< -1: all
  unsigned kinds = everything;     ///< The sum of the kinds, as in `show stat <iid> <type> <sid>`.
  int server_id = -1;              ///< -1: all; of a server or a listening socket
  bool only_up = false;            ///< `up`: no server that is down
  bool no_maintenance = false;     ///< `no-maint`
  bool details = true;             ///< See Row::details.
  std::string name_contains;       ///< Only proxies with this in their name.
  std::vector<std::string> scope;  ///< Only these proxies, if there are any (`stats scope`).
};

/// Walks over the lines in the order of `show stat`. Control thread; may rest between two calls, while servers come and
/// go, and even the configuration.
class Rows {
 public:
  Rows(const live::State& state, Filter filter) : generation_(state.latest()), filter_(std::move(filter)) {}
  /// Fills in the next line; false after the last.
  bool next(Row& row);
  const Filter& filter() const { return filter_; }

 private:
  enum class Stage : uint8_t { frontend, listeners, servers, backend };
  bool wanted(const model::Proxy& proxy) const;
  bool wanted(const live::Server& server) const;
  bool step(Row& row);

  std::shared_ptr<const live::Generation> generation_;
  Filter filter_;
  size_t proxy_ = 0, index_ = 0;
  Stage stage_ = Stage::frontend;
};

}  // namespace ddbproxy::stats
