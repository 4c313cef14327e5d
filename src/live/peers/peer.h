// Somebody who has the tables of a `peers` section, too: the connection to it, and what is said there.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ddbproxy/peers.h>

#include "base/fd.h"
#include "live/generation.h"
#include "net/loop.h"
#include "sticky/cursor.h"
#include "sticky/peer_message.h"

namespace ddbproxy::live {

class PeersSection;

/// What a peer is to be told of one table, and what it has told.
struct PeerTableState {
  PeerTableState(const Generation::SharedTable& shared, uint64_t number)
      : table(shared.table), name(shared.name), id(number), cursor(shared.table) {
    cursor.go_back(0);
  }

  std::shared_ptr<sticky::Table> table;
  std::string name;
  uint64_t id;
  sticky::Cursor cursor;
  std::optional<sticky::PeerTable> theirs;  ///< As defined on this connection; its name is not kept.
  // Numbers of updates: of ours that were sent and acknowledged, and of the last of theirs.
  uint32_t pushed = 0, acknowledged = 0, received = 0;
  bool owes_acknowledgement = false;
  /// When `pushed` was this, all changes up to that had been sent.
  struct Checkpoint {
    uint32_t pushed = 0;
    uint64_t change = 0;
  };
  std::optional<Checkpoint> checkpoint;
  uint64_t confirmed = 0;  ///< The last change that the other end surely has.
};

/// Bounded in what it keeps, whatever the other end does: no message is longer than a buffer, nothing more is written
/// while much is still to be sent, and silence ends a connection. Lives on the control loop.
class Peer {
 public:
  Peer(PeersSection& section, const model::Peer& config, bool local);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  const model::Peer& config() const { return config_; }
  bool is_local() const { return local_; }
  bool same_as(const model::Peer& other, bool local) const { return local_ == local && config_ == other; }

  enum class State : uint8_t { idle, connecting, greeting, established };
  State state() const { return state_; }
  bool established() const { return state_ == State::established; }
  bool connected() const { return state_ >= State::greeting; }

  /// Tables that are not in the list are forgotten, those that stay keep what is known of them.
  void set_tables(const std::vector<Generation::SharedTable>& tables);
  /// Connects to it, and again and again.
  void start();
  /// Ends the connection, and does not connect again until start().
  void stop();
  /// It has come to us, and has been greeted; `received` is what it has said behind that.
  void adopt(base::Fd fd, int minor, std::string received);
  /// There may be changes to be told.
  void tables_changed();
  /// Asks it for all that it has.
  void ask_for_lesson();
  /// Connects to `address` as to our own successor, and tells it everything.
  void teach_successor(const Address& address);

  /// As `show peers` shows them.
  struct Counters {
    uint32_t heartbeats_sent = 0, heartbeats_received = 0, silences = 0, connections = 0, protocol_errors = 0,
             collisions = 0;
  };
  const Counters& counters() const { return counters_; }
  const std::string& last_status() const { return last_status_; }
  std::optional<base::Instant> last_handshake() const { return last_handshake_; }
  std::optional<base::Instant> reconnects_at() const { return reconnect_at_; }
  base::Instant heartbeat_at() const { return heartbeat_at_; }
  bool taught_partially() const { return taught_partially_; }
  void forget_partial_lesson() { taught_partially_ = false; }
  int descriptor() const { return fd_.get(); }
  const std::vector<std::unique_ptr<PeerTableState>>& tables() const { return tables_; }
  const PeerTableState* table_read() const { return reading_; }
  const PeerTableState* table_told() const { return telling_; }
  const sticky::SentNames& sent_names() const { return sent_names_; }
  const sticky::ReceivedNames& received_names() const { return received_names_; }

 private:
  using Clock = base::Instant;
  enum class Teaching : uint8_t { none, connecting, lesson };

  void connect(const Address& address);
  void on_event(short what);
  void read();
  bool take_status();
  void take_messages();
  /// False: the connection was ended.
  bool take(const sticky::PeerMessage& message);
  bool take_control(uint8_t type);
  bool take_table_message(const sticky::PeerMessage& message);
  bool define_table(std::string_view body);
  bool acknowledge(std::string_view body);
  void begin_session(int minor);
  void protocol_error(std::string_view what, uint8_t answer = sticky::PeerMessage::protocol);
  /// Puts into the buffer what is to be said, up to its limit; true when there is more.
  bool fill();
  bool fill_tables(size_t& left, bool lesson);
  bool flush();
  void watch();
  void close();
  void lost(std::string_view why, base::Milliseconds retry);
  void on_timer();
  void arm();
  void teaching_failed();
  void end_teaching();
  static bool has_passed(const std::optional<Clock>& when, Clock now) { return when && *when <= now; }

  PeersSection& section_;
  const model::Peer config_;
  const bool local_;
  State state_ = State::idle;
  bool wanted_ = false;  // to be connected to
  base::Fd fd_;
  net::Event event_;
  net::Timer timer_, more_;
  short watched_ = 0;
  std::string in_, out_;
  size_t sent_ = 0;  // of out_

  int minor_ = 0;
  int offered_ = sticky::peer_version_minor;  // the minor version that it is greeted with
  bool lesson_asked_ = false;                 // it is to be told everything
  bool awaits_confirmation_ = false;          // until then it is told nothing of changes
  bool asks_ = false;                         // for a lesson: still to be said
  uint32_t confirmations_ = 0;                // still to be said
  bool taught_partially_ = false;
  bool told_table_ = false;  // of telling_, on this connection
  PeerTableState *reading_ = nullptr, *telling_ = nullptr;
  sticky::SentNames sent_names_;
  sticky::ReceivedNames received_names_;

  Teaching teaching_ = Teaching::none;
  Address successor_;
  int teaching_tries_ = 0;

  std::optional<Clock> reconnect_at_, connect_by_, silent_at_, stalled_at_;
  Clock heartbeat_at_{};
  std::optional<Clock> last_handshake_;
  std::string last_status_ = "NONE";
  Counters counters_;
  std::vector<std::unique_ptr<PeerTableState>> tables_;
};

}  // namespace ddbproxy::live
