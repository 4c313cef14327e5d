// `peers` sections (manual 3.5): who exchanges the entries of stick tables with whom.
#pragma once

#include <string>
#include <vector>

#include <ddbproxy/model.h>
#include <ddbproxy/stick_table.h>

namespace ddbproxy::model {

/// A `peer` or `server` line: whom to connect to, or ourselves.
struct Peer {
  Location where;
  std::string name;
  Address address;  ///< Empty: it is never connected to.
  Duration tcp_ut;

  /// Wherever it stands.
  bool operator==(const Peer& other) const {
    return name == other.name && address == other.address && tcp_ut == other.tcp_ut;
  }
};

/// A table of such a section, which no proxy has.
struct PeersTable {
  std::string name;  ///< Within the section.
  StickTable settings;
};

struct Peers {
  Location where;
  std::string name;
  std::string local_name;  ///< What this process is called here.
  bool disabled = false;
  std::vector<Peer> peers;
  int local = -1;  ///< Which of them is this process; -1: none.
  Bind bind;       ///< Where others connect to.
  LogSettings log;
  std::vector<PeersTable> tables;

  // While it is read.
  bool is_bare = true;  ///< It has none of the lines that make it a section of its own.
  bool has_peer_line = false, has_bind_line = false;
  Location bind_where;  ///< Of the bind line with an address.

  /// Whether anything is exchanged.
  bool works() const { return !disabled && local >= 0; }
};

/// Those of proxies have the numbers of their proxies; behind them come those of `peers` sections in their order.
struct TableRef {
  int number = -1;
  StickTable* settings = nullptr;  ///< Null: there is none.
  std::string name;                ///< "<proxy>" or "<section>/<table>"
  std::string shared_name;         ///< As peers call it: "<proxy>" or "/<table>"
  const Peers* peers = nullptr;    ///< The section that it belongs to, or that its proxy names.
};
/// All tables of a model, in the order of their numbers.
std::vector<TableRef> tables_of(const Model& model);
/// The section of this name, or null.
const Peers* find_peers(const Model& model, std::string_view name);

}  // namespace ddbproxy::model
