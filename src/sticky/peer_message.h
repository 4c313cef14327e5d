// What peers say to each other about stick tables: haproxy's protocol, version 2.1, read and written. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sticky/table.h"

namespace ddbproxy::sticky {

// The first line of who connects, and the answer.
inline constexpr std::string_view peer_protocol = "HAProxyS";
inline constexpr int peer_version_major = 2, peer_version_minor = 1;
enum class PeerStatus : uint16_t {
  succeeded = 200,
  try_again = 300,
  protocol_error = 501,
  bad_version = 502,
  unknown_local = 503,   ///< It is not called what the other one calls it.
  unknown_remote = 504,  ///< Nobody here is called what the other one says it is.
};
/// No hello and no name is longer.
inline constexpr size_t longest_hello = 1024;

std::string peer_hello(std::string_view remote, std::string_view local, int pid, int minor = peer_version_minor);
/// What somebody says who connects.
struct PeerHello {
  enum class State : uint8_t { incomplete, read, malformed } state = State::incomplete;
  bool right_protocol = false;
  int major = 0, minor = 0;
  std::string_view to, from;  ///< into what was read
  size_t size = 0;            ///< of it in bytes
};
PeerHello read_peer_hello(std::string_view received);

/// A whole message: two bytes, and of types from 128 on a body behind its length.
struct PeerMessage {
  enum Class : uint8_t { control = 0, error = 1, table = 10 };
  enum Control : uint8_t { resync_request, resync_finished, resync_partial, resync_confirm, heartbeat };
  enum Table : uint8_t {
    update = 128,
    next_update,
    definition,
    switch_to,
    acknowledgement,
    timed_update,
    timed_next_update
  };
  enum Error : uint8_t { protocol, size_limit };
  uint8_t kind = 0, type = 0;
  std::string_view body;  ///< into what was read
};
/// Takes the first message off the front of what was received. `too_long`: its body has more than `most` bytes.
enum class PeerReading : uint8_t { message, incomplete, too_long, malformed };
PeerReading take_peer_message(std::string_view& received, size_t most, PeerMessage& message);

void append_control(std::string& out, uint8_t type);
void append_error(std::string& out, uint8_t type);
void append_acknowledgement(std::string& out, uint64_t table, uint32_t update);
struct Acknowledgement {
  uint64_t table = 0;
  uint32_t update = 0;
};
std::optional<Acknowledgement> read_acknowledgement(std::string_view body);
/// Of a message that only names a table.
std::optional<uint64_t> read_table_id(std::string_view body);

/// How another one stores a table.
struct PeerTable {
  uint64_t id = 0;
  std::string_view name;  ///< into what was read
  uint64_t key_type = 0, key_size = 0, data = 0, expire = 0;
  model::StickTable::Data stored;  ///< Of those kinds that we know; a count of 0: it is not sent.
  bool understood = true;          ///< False: its updates cannot be read.
};
std::optional<PeerTable> read_definition(std::string_view body);
void append_definition(std::string& out, uint64_t id, std::string_view name, const Table& table);
/// Whether both have the same kind of keys.
bool has_keys_of(const PeerTable& theirs, const Table& table);

/// Names that go over a connection once, and then as numbers. Of what is sent.
class SentNames {
 public:
  struct Place {
    uint64_t id = 0;
    bool known = false;  ///< The other end has it under this number.
  };
  Place place_of(const std::string* name);
  void clear() { *this = SentNames(); }

  static constexpr size_t most = 128;
  /// By number, from 1 on; null: none.
  const std::array<const std::string*, most>& names() const { return names_; }

 private:
  std::array<const std::string*, most> names_{};
  size_t next_ = 0;
};
/// Of what is received.
class ReceivedNames {
 public:
  void clear() { names_.fill(nullptr); }
  const std::array<const std::string*, SentNames::most>& names() const { return names_; }
  std::array<const std::string*, SentNames::most>& names() { return names_; }

 private:
  std::array<const std::string*, SentNames::most> names_{};
};

/// An entry, which is locked; with its time where that is to be told.
void append_update(std::string& out, uint32_t number, const Table& table, const Entry& entry, Tick now, bool timed,
                   SentNames& names);

/// Carries an update out. `number` is that of the last update of the table, and becomes this one's.
enum class UpdateReading : uint8_t { done, no_room, malformed };
UpdateReading read_update(const PeerMessage& message, const PeerTable& theirs, Table& table, Tick now, uint32_t& number,
                          ReceivedNames& names);

}  // namespace ddbproxy::sticky
