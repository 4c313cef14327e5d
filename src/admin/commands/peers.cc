// `show peers`: who exchanges stick tables with this process, and how far they are.
#include <algorithm>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include <ddbproxy/peers.h>

#include "admin/runs.h"
#include "live/peers/peer_sections.h"
#include "live/state.h"
#include "net/socket.h"

namespace ddbproxy::admin {
namespace {

using live::Peer;
using live::PeersSection;
using live::PeerTableState;

/// haproxy's bits: whether it has learned from the process of before and from others, and whether it stops.
unsigned section_flags(const PeersSection& section) {
  const bool done = section.learning() == PeersSection::Learning::done;
  const bool local = section.learning() != PeersSection::Learning::from_predecessor;
  return (local ? 1u : 0u) | (done ? 2u : 0u) | (section.teacher() ? 4u : 0u) | (section.stopping() ? 0x80u : 0u);
}

/// As haproxy words how far away a moment is.
std::string time_until(std::optional<base::Instant> when, base::Instant now) {
  if (!when) return "<NEVER>";
  if (*when <= now) return "<PAST>";
  return fmt::format("{}s", std::chrono::floor<std::chrono::seconds>(*when - now).count());
}

std::string time_since(std::optional<base::Instant> when, base::Instant now) {
  return when ? fmt::format("{}s", std::chrono::floor<std::chrono::seconds>(now - *when).count()) : "<NEVER>";
}

/// A path is not shown, as in haproxy.
std::string shown(const Address& address) {
  return address.is_unix() ? "unix:0" : address.empty() ? ":0" : address.text();
}

/// Four in a line; of those that are sent only as many as there have been.
void write_names(std::string& out, const std::array<const std::string*, sticky::SentNames::most>& names, bool all) {
  constexpr size_t in_a_line = 4;
  size_t count = names.size();
  while (!all && count && !names[count - 1]) --count;
  for (size_t i = 0; i < count; ++i) {
    if (i % in_a_line == 0) out += "        ";
    fmt::format_to(std::back_inserter(out), "{:>5} -> {}", i, names[i] ? std::string_view(*names[i]) : "-");
    if (i % in_a_line == in_a_line - 1 || i + 1 == count) out += '\n';
  }
}

void write_table(std::string& out, const Peer& peer, const PeerTableState& state, bool names) {
  const uint64_t changes = state.table->changes();
  fmt::format_to(std::back_inserter(out),
                 "          {} local_id={} remote_id={} flags=0x{:x} remote_data=0x{:x}\n"
                 "              last_acked={} last_pushed={} last_get={} teaching_origin={} update={}\n"
                 "              table:{} id={} update={} localupdate={} commitupdate={} refcnt=1\n",
                 fmt::ptr(&state), state.id, state.theirs ? state.theirs->id : 0, state.cursor.in_lesson() ? 1 : 0,
                 state.theirs ? state.theirs->data : 0, state.received, state.pushed, state.received, 0, state.pushed,
                 fmt::ptr(state.table.get()), state.table->name(), changes, changes, state.confirmed);
  if (!names) {
    out += "        Dictionary cache not dumped (use \"show peers dict\")\n";
    return;
  }
  out += "        TX dictionary cache:\n";
  write_names(out, peer.sent_names().names(), false);
  out += "        RX dictionary cache:\n";
  write_names(out, peer.received_names().names(), true);
}

void write_peer(std::string& out, const PeersSection& section, const Peer& peer, bool names, base::Instant now) {
  const Peer::Counters& counters = peer.counters();
  const auto back = std::back_inserter(out);
  const bool active = peer.state() != Peer::State::idle;
  const auto& listeners = section.config().bind.listeners;
  const bool by_bind = peer.is_local() && !listeners.empty();
  const Address& address = by_bind ? listeners.front().address : peer.config().address;
  fmt::format_to(back, "  {}: id={}({},{}) addr={} last_status={} last_hdshk={}\n", fmt::ptr(&peer), peer.config().name,
                 peer.is_local() ? "local" : "remote", active ? "active" : "inactive", shown(address),
                 peer.last_status(), time_since(peer.last_handshake(), now));
  fmt::format_to(back,
                 "        reconnect={} heartbeat={} confirm=0 tx_hbt={} rx_hbt={} no_hbt={} new_conn={} proto_err={} "
                 "coll={}\n        flags=0x{:x}",
                 time_until(peer.reconnects_at(), now),
                 peer.established() ? time_until(peer.heartbeat_at(), now) : "<NEVER>", counters.heartbeats_sent,
                 counters.heartbeats_received, counters.silences, counters.connections, counters.protocol_errors,
                 counters.collisions, peer.established() ? 0x20000200u : 0u);
  if (active) {
    fmt::format_to(back, " appctx:{} st0={} st1=0 task_calls=0 state={}\n", fmt::ptr(&peer), peer.established() ? 7 : 4,
                   peer.established() ? "EST" : "CON");
    if (peer.established())
      fmt::format_to(back, "        xprt=RAW src={} addr={}\n", shown(net::peer_address(peer.descriptor())),
                     shown(net::local_address(peer.descriptor())));
  } else {
    out += '\n';
  }
  for (const auto& [what, table] :
       {std::pair("remote_table", peer.table_read()), std::pair("last_local_table", peer.table_told())})
    if (table)
      fmt::format_to(back, "        {}:{} id={} local_id={} remote_id={}\n", what, fmt::ptr(table),
                     table->table->name(), table->id, table->theirs ? table->theirs->id : 0);
  if (!peer.tables().empty()) out += "        shared tables:\n";
  for (auto table = peer.tables().rbegin(); table != peer.tables().rend(); ++table)
    write_table(out, peer, **table, names);
}

void write_head(std::string& out, const void* object, std::string_view name, unsigned flags, const std::string& timeout,
                uint32_t calls) {
  fmt::format_to(std::back_inserter(out),
                 "{}: [{:%d/%b/%Y:%H:%M:%S}] id={} disabled=0 flags=0x{:x} resync_timeout={} "
                 "task_calls={}\n",
                 object, fmt::localtime(base::unix_seconds(base::wall_now())), name, flags, timeout, calls);
}

}  // namespace

Answer run_show_peers(Call& call) {
  const bool names = call.word(2) == "dict", with_mode = names || call.word(2) == "-";
  const std::string& wanted = call.word(with_mode ? 3 : 2);
  const base::Instant now = base::now();
  std::string out;
  bool found = false;
  const auto& sections = call.runtime.state.model().peers;
  for (auto each = sections.rbegin(); each != sections.rend(); ++each) {
    const std::shared_ptr<model::Peers>& config = *each;
    if (!wanted.empty() && config->name != wanted) continue;
    if (!config->works()) continue;
    if (std::exchange(found, true) && !out.empty()) out += '\n';
    const PeersSection* running = nullptr;
    if (const live::PeerSections* all = call.runtime.services.peers)
      for (const auto& section : all->sections())
        if (section->config().name == config->name) running = section.get();
    if (running) {
      const auto learns_until = running->up_to_date() ? base::start_instant() : running->learns_until();
      write_head(out, running, config->name, section_flags(*running), time_until(learns_until, now),
                 running->wakeups());
      for (auto peer = running->peers().rbegin(); peer != running->peers().rend(); ++peer)
        write_peer(out, *running, **peer, names, now);
    }
  }
  if (!wanted.empty() && !found) return Answer::error("No such peers\n");
  return out.empty() ? Answer::done() : Answer::document(std::move(out));
}

}  // namespace ddbproxy::admin
