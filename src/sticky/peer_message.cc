#include "sticky/peer_message.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

#include "base/varint.h"

namespace ddbproxy::sticky {
namespace {

using Kind = model::StickDataRow::Kind;
using KeyType = model::StickTable::KeyType;

constexpr uint8_t first_with_body = 128;
constexpr uint32_t most_of_a_kind = 100;

void append_word(std::string& out, uint32_t word) {
  const uint32_t wire = htonl(word);
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

/// Takes values off the front; once one is not there, all that follow are nothing.
class Values {
 public:
  explicit Values(std::string_view rest) : rest_(rest) {}

  uint64_t number() {
    const auto number = base::take_varint(rest_);
    return number ? *number : fail();
  }
  uint32_t word() {
    const std::string_view four = bytes(sizeof(uint32_t));
    if (four.empty()) return 0;
    uint32_t wire;
    std::memcpy(&wire, four.data(), sizeof wire);
    return ntohl(wire);
  }
  std::string_view bytes(uint64_t size) {
    if (size > rest_.size()) return fail(), std::string_view();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  bool failed() const { return failed_; }
  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  uint64_t fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

void append_message(std::string& out, uint8_t type, std::string_view body) {
  out += static_cast<char>(PeerMessage::table);
  out += static_cast<char>(type);
  base::append_varint(out, body.size());
  out += body;
}

uint64_t wire_type(KeyType type) {
  switch (type) {
    case KeyType::integer: return 2;
    case KeyType::ip: return 4;
    case KeyType::ipv6: return 5;
    case KeyType::string: return 6;
    case KeyType::binary: break;
  }
  return 7;
}

/// Of texts with the byte that ends them.
uint64_t wire_size(const model::StickTable& table) {
  return table.key_size + (table.key_type == KeyType::string ? 1 : 0);
}

/// The lines of a text up to its last line feed.
std::string_view take_line(std::string_view& text, bool& whole) {
  const size_t end = text.find('\n');
  whole = end != text.npos;
  if (!whole) return {};
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// "2.1"
bool read_version(std::string_view text, PeerHello& hello) {
  const auto [dot, wrong] = std::from_chars(text.data(), text.data() + text.size(), hello.major);
  if (wrong != std::errc() || dot == text.data() + text.size() || *dot != '.') return false;
  const auto [end, no_minor] = std::from_chars(dot + 1, text.data() + text.size(), hello.minor);
  return no_minor == std::errc() && end == text.data() + text.size() && hello.major >= 0 && hello.minor >= 0;
}

}  // namespace

std::string peer_hello(std::string_view remote, std::string_view local, int pid, int minor) {
  return fmt::format("{} {}.{}\n{}\n{} {} 1\n", peer_protocol, peer_version_major, minor, remote, local, pid);
}

PeerHello read_peer_hello(std::string_view received) {
  PeerHello hello;
  std::string_view rest = received;
  bool whole = false;
  const auto unfinished = [&] {
    if (received.size() >= longest_hello) hello.state = PeerHello::State::malformed;
    return hello;
  };
  const std::string_view first = take_line(rest, whole);
  // Whoever begins otherwise is no peer: there is no need to wait for more.
  const std::string_view begun = received.substr(0, std::min(received.size(), peer_protocol.size()));
  if (begun != peer_protocol.substr(0, begun.size())) {
    hello.state = PeerHello::State::malformed;
    return hello;
  }
  if (!whole) return unfinished();
  const size_t blank = first.find(' ');
  hello.right_protocol =
      first.substr(0, blank) == peer_protocol && blank != first.npos && read_version(first.substr(blank + 1), hello);
  hello.to = take_line(rest, whole);
  if (!whole) return unfinished();
  hello.from = take_line(rest, whole);
  if (!whole) return unfinished();
  hello.from = hello.from.substr(0, hello.from.find(' '));
  hello.size = received.size() - rest.size();
  hello.state = hello.size > longest_hello ? PeerHello::State::malformed : PeerHello::State::read;
  return hello;
}

PeerReading take_peer_message(std::string_view& received, size_t most, PeerMessage& message) {
  if (received.size() < 2) return PeerReading::incomplete;
  message = {static_cast<uint8_t>(received[0]), static_cast<uint8_t>(received[1]), {}};
  if (message.type < first_with_body) {
    received.remove_prefix(2);
    return PeerReading::message;
  }
  constexpr size_t longest_number = 10;
  Values values(received.substr(2));
  const uint64_t size = values.number();
  if (values.failed()) return received.size() < 2 + longest_number ? PeerReading::incomplete : PeerReading::malformed;
  if (size > most) return PeerReading::too_long;
  if (values.rest().size() < size) return PeerReading::incomplete;
  message.body = values.bytes(size);
  received = values.rest();
  return PeerReading::message;
}

void append_control(std::string& out, uint8_t type) {
  out += static_cast<char>(PeerMessage::control);
  out += static_cast<char>(type);
}

void append_error(std::string& out, uint8_t type) {
  out += static_cast<char>(PeerMessage::error);
  out += static_cast<char>(type);
}

void append_acknowledgement(std::string& out, uint64_t table, uint32_t update) {
  std::string body;
  base::append_varint(body, table);
  append_word(body, update);
  append_message(out, PeerMessage::acknowledgement, body);
}

std::optional<Acknowledgement> read_acknowledgement(std::string_view body) {
  Values values(body);
  Acknowledgement read;
  read.table = values.number();
  read.update = values.word();
  return values.failed() ? std::nullopt : std::optional(read);
}

std::optional<uint64_t> read_table_id(std::string_view body) {
  Values values(body);
  const uint64_t id = values.number();
  return values.failed() ? std::nullopt : std::optional(id);
}

std::optional<PeerTable> read_definition(std::string_view body) {
  Values values(body);
  PeerTable read;
  read.id = values.number();
  read.name = values.bytes(values.number());
  read.key_type = values.number();
  read.key_size = values.number();
  read.data = values.number();
  if (values.failed() || read.name.empty()) return {};
  const bool with_details = !values.empty();
  read.expire = with_details ? values.number() : 0;
  for (size_t i = 0; i < 64; ++i) {
    if (!(read.data >> i & 1)) continue;
    if (i >= model::stick_data_rows.size()) break;  // those behind cannot be read; all known ones are in front
    const model::StickDataRow& row = model::stick_data_rows[i];
    model::StickTable::Stored& stored = read.stored[i];
    stored.count = 1;
    if (!with_details || (!row.several && row.kind != Kind::rate)) continue;
    if (values.number() != i) read.understood = false;
    if (row.several) {
      const uint64_t count = values.number();
      if (count < 1 || count > most_of_a_kind) read.understood = false;
      stored.count = static_cast<uint32_t>(std::min<uint64_t>(count, most_of_a_kind));
    }
    if (row.kind == Kind::rate) stored.period = std::chrono::milliseconds(static_cast<uint32_t>(values.number()));
  }
  return values.failed() ? std::nullopt : std::optional(read);
}

void append_definition(std::string& out, uint64_t id, std::string_view name, const Table& table) {
  std::string body;
  base::append_varint(body, id);
  base::append_varint(body, name.size());
  body += name;
  base::append_varint(body, wire_type(table.kind().key_type));
  base::append_varint(body, wire_size(table.kind()));
  uint64_t data = 0;
  std::string details;
  for (size_t i = 0; i < model::stick_data_rows.size(); ++i) {
    const auto each = static_cast<StickData>(i);
    const model::StickDataRow& row = model::stick_data_rows[i];
    if (!table.layout().has(each)) continue;
    data |= uint64_t{1} << i;
    if (!row.several && row.kind != Kind::rate) continue;
    base::append_varint(details, i);
    if (row.several) base::append_varint(details, table.layout().count(each));
    if (row.kind == Kind::rate) base::append_varint(details, table.layout().period(each));
  }
  base::append_varint(body, data);
  base::append_varint(body, table.lifetime());
  append_message(out, PeerMessage::definition, body + details);
}

bool has_keys_of(const PeerTable& theirs, const Table& table) {
  return theirs.key_type == wire_type(table.kind().key_type) && theirs.key_size == wire_size(table.kind());
}

SentNames::Place SentNames::place_of(const std::string* name) {
  for (size_t i = 0; i < names_.size(); ++i)
    if (names_[i] == name) return {i + 1, true};
  const size_t place = next_;
  next_ = (next_ + 1) % most;
  names_[place] = name;
  return {place + 1, false};
}

void append_update(std::string& out, uint32_t number, const Table& table, const Entry& entry, Tick now, bool timed,
                   SentNames& names) {
  const Layout& layout = table.layout();
  const std::string_view key = entry.key(layout);
  std::string body;
  append_word(body, number);
  if (timed) append_word(body, table.time_left(entry, now));
  if (table.kind().key_type == KeyType::string) {
    base::append_varint(body, key.size());
    body += key;
  } else if (table.kind().key_type == KeyType::integer) {
    uint32_t value;
    std::memcpy(&value, key.data(), sizeof value);
    append_word(body, value);
  } else {
    body += key;
  }
  for (size_t i = 0; i < model::stick_data_rows.size(); ++i) {
    const auto data = static_cast<StickData>(i);
    for (uint32_t at = 0; at < layout.count(data); ++at) switch (model::stick_data_rows[i].kind) {
        case Kind::number:
        case Kind::large: base::append_varint(body, entry.get(layout, data, now, at)); break;
        case Kind::rate: {
          const WindowRate::Parts parts = entry.rate(layout, data, now, at);
          for (const uint32_t part : {parts.age, parts.current, parts.previous}) base::append_varint(body, part);
          break;
        }
        case Kind::name: {
          std::string value;
          if (const std::string* name = entry.name(layout)) {
            const SentNames::Place place = names.place_of(name);
            base::append_varint(value, place.id);
            if (!place.known) {
              base::append_varint(value, name->size());
              value += *name;
            }
          }
          base::append_varint(body, value.size());
          body += value;
          break;
        }
      }
  }
  append_message(out, timed ? PeerMessage::timed_update : PeerMessage::update, body);
}

namespace {

/// What a name's number stands for now; null: nothing, or none that we would keep.
const std::string* read_name(Values& values, ReceivedNames& names, bool& wrong) {
  const uint64_t size = values.number();
  if (!size) return nullptr;
  Values value(values.bytes(size));
  const uint64_t id = value.number();
  if (value.failed() || id < 1 || id > SentNames::most) return wrong = true, nullptr;
  const std::string*& known = names.names()[id - 1];
  if (value.empty()) return known;
  const std::string_view text = value.bytes(value.number());
  if (value.failed()) return wrong = true, nullptr;
  return known = kept_name_of_peer(text);
}

/// Reads the values behind a key; `entry` is null while they are only looked at.
bool read_values(Values values, const PeerTable& theirs, Table& table, Entry* entry, Tick now, ReceivedNames& names) {
  const Layout& layout = table.layout();
  bool wrong = false;
  for (size_t i = 0; i < model::stick_data_rows.size() && !wrong; ++i) {
    const auto data = static_cast<StickData>(i);
    // How many connections there are now each one knows for itself.
    const uint32_t ours = data == StickData::conn_cur ? 0 : layout.count(data);
    for (uint32_t at = 0; at < theirs.stored[i].count && !wrong; ++at) {
      const bool take = entry && at < ours;
      switch (model::stick_data_rows[i].kind) {
        case Kind::number:
        case Kind::large: {
          const uint64_t number = values.number();
          if (take && !values.failed()) entry->set(layout, data, now, number, at);
          break;
        }
        case Kind::rate: {
          const auto age = static_cast<uint32_t>(values.number());
          const auto current = static_cast<uint32_t>(values.number());
          const auto previous = static_cast<uint32_t>(values.number());
          // Events of another length of time say nothing of ours.
          if (take && !values.failed() && theirs.stored[i].period.count() == layout.period(data))
            entry->set_rate(layout, data, now, at, {age, current, previous});
          break;
        }
        case Kind::name: {
          const std::string* name = read_name(values, names, wrong);
          if (take && name && !wrong) entry->set_name(layout, name);
          break;
        }
      }
      wrong = wrong || values.failed();
    }
  }
  return !wrong;
}

}  // namespace

UpdateReading read_update(const PeerMessage& message, const PeerTable& theirs, Table& table, Tick now, uint32_t& number,
                          ReceivedNames& names) {
  const bool numbered = message.type == PeerMessage::update || message.type == PeerMessage::timed_update;
  const bool timed = message.type == PeerMessage::timed_update || message.type == PeerMessage::timed_next_update;
  Values values(message.body);
  const uint32_t next = numbered ? values.word() : number + 1;
  std::optional<uint32_t> time_left;
  if (timed) time_left = values.word();
  const model::StickTable& kind = table.kind();
  char integer[sizeof(uint32_t)];
  std::string_view key;
  if (kind.key_type == KeyType::string) {
    key = values.bytes(values.number());
    key = key.substr(0, std::min<size_t>(key.find('\0'), kind.key_size));
  } else if (kind.key_type == KeyType::integer) {
    const uint32_t value = values.word();
    std::memcpy(integer, &value, sizeof value);
    key = {integer, sizeof integer};
  } else {
    key = values.bytes(kind.key_size);
  }
  // A table in which nothing expires has no time to tell.
  if (!theirs.expire) time_left.reset();
  // All of it is looked at before any of it counts.
  if (values.failed() || !read_values(values, theirs, table, nullptr, now, names)) return UpdateReading::malformed;
  number = next;
  const bool learned =
      table.learn(key, now, time_left, [&](Entry& entry) { read_values(values, theirs, table, &entry, now, names); });
  return learned ? UpdateReading::done : UpdateReading::no_room;
}

}  // namespace ddbproxy::sticky
