// Converters of MQTT: the packets that open a connection, CONNECT and CONNACK, of versions 3.1, 3.1.1 and 5.0.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

enum PacketType : uint8_t { connect = 1, connack = 2 };
constexpr std::string_view packet_names[] = {"",        "CONNECT",  "CONNACK",    "PUBLISH", "PUBACK",      "PUBREC",
                                             "PUBREL",  "PUBCOMP",  "SUBSCRIBE",  "SUBACK",  "UNSUBSCRIBE", "UNSUBACK",
                                             "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH"};

/// What a field's name stands for; a property stands as its number.
enum Field : uint8_t {
  flags = 100,
  protocol_name,
  protocol_version,
  client_identifier,
  will_topic,
  will_payload,
  username,
  password,
  keepalive,
  reason_code
};
struct FieldName {
  std::string_view name;
  Field field;
  unsigned packets;  ///< A bit for each type that has it.
};
constexpr unsigned in_connect = 1u << connect, in_connack = 1u << connack;
constexpr FieldName field_names[] = {
    {"flags", flags, in_connect | in_connack},
    {"protocol_name", protocol_name, in_connect},
    {"protocol_version", protocol_version, in_connect | in_connack},
    {"client_identifier", client_identifier, in_connect},
    {"will_topic", will_topic, in_connect},
    {"will_payload", will_payload, in_connect},
    {"username", username, in_connect},
    {"password", password, in_connect},
    {"keepalive", keepalive, in_connect},
    {"reason_code", reason_code, in_connack},
};

/// How a property's value stands in a packet, and which it may be.
enum class Form : uint8_t { flag, number16, positive16, number32, positive32, text, filled_text, pair };
struct Property {
  uint8_t id;
  Form form;
  bool in_connect, in_will, in_connack;
};
constexpr Property properties[] = {
    {1, Form::flag, false, true, false},          // payload format
    {2, Form::number32, false, true, false},      // message expiry
    {3, Form::text, false, true, false},          // content type
    {8, Form::text, false, true, false},          // response topic
    {9, Form::text, false, true, false},          // correlation data
    {17, Form::number32, true, false, true},      // session expiry
    {18, Form::filled_text, false, false, true},  // assigned client identifier
    {19, Form::number16, false, false, true},     // server keep alive
    {21, Form::text, true, false, true},          // authentication method
    {22, Form::text, true, false, true},          // authentication data
    {23, Form::flag, true, false, false},         // request problem information
    {24, Form::number32, false, true, false},     // will delay
    {25, Form::flag, true, false, false},         // request response information
    {26, Form::text, false, false, true},         // response information
    {28, Form::text, false, false, true},         // server reference
    {31, Form::text, false, false, true},         // reason string
    {33, Form::positive16, true, false, true},    // receive maximum
    {34, Form::number16, true, false, true},      // topic alias maximum
    {36, Form::flag, false, false, true},         // maximum QoS
    {37, Form::flag, false, false, true},         // retain available
    {38, Form::pair, true, true, true},           // user property
    {39, Form::positive32, true, false, true},    // maximum packet size
    {40, Form::flag, false, false, true},         // wildcard subscription
    {41, Form::flag, false, false, true},         // subscription identifiers
    {42, Form::flag, false, false, true},         // shared subscription
};
constexpr size_t property_count = std::size(properties);

size_t place_of(uint64_t id) {
  for (size_t i = 0; i < property_count; ++i)
    if (properties[i].id == id) return i;
  return property_count;
}

/// What a packet says. Texts point into it; an integer that a version 5 packet leaves out is zero.
struct Packet {
  uint8_t type = 0, flags = 0, reason_code = 0;
  uint8_t version = 0;
  bool has_will = false;
  uint64_t keepalive = 0;
  std::string_view protocol_name, client_identifier, will_topic, will_payload, username, password;
  std::array<uint64_t, property_count> numbers{};
  std::array<std::string_view, property_count> texts{};
};

enum class Read : uint8_t { good, incomplete, wrong };

/// Takes bytes from the front of a packet.
class Bytes {
 public:
  explicit Bytes(std::string_view rest) : rest_(rest) {}
  bool empty() const { return rest_.empty(); }
  bool number(size_t size, uint64_t& value) {
    if (rest_.size() < size) return false;
    value = 0;
    for (const char c : rest_.substr(0, size)) value = value << 8 | static_cast<unsigned char>(c);
    rest_.remove_prefix(size);
    return true;
  }
  bool part(size_t size, std::string_view& part) {
    if (rest_.size() < size) return false;
    part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool text(std::string_view& text) {
    uint64_t size = 0;
    return number(2, size) && part(size, text);
  }
  /// At most four bytes; false: they go on.
  bool varint(uint64_t& value, bool& ended) {
    value = 0;
    ended = false;
    for (int shift = 0; shift < 28; shift += 7) {
      uint64_t byte = 0;
      if (!number(1, byte)) return true;
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) {
        ended = true;
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view rest_;
};

bool read_property(Bytes& bytes, Form form, uint64_t& number, std::string_view& text) {
  std::string_view other;
  switch (form) {
    case Form::flag: return bytes.number(1, number) && number <= 1;
    case Form::number16: return bytes.number(2, number);
    case Form::positive16: return bytes.number(2, number) && number > 0;
    case Form::number32: return bytes.number(4, number);
    case Form::positive32: return bytes.number(4, number) && number > 0;
    case Form::text: return bytes.text(text);
    case Form::filled_text: return bytes.text(text) && !text.empty();
    case Form::pair: return bytes.text(text) && bytes.text(other);
  }
  return false;
}

/// Reads a list of properties that may stand at a place.
Read read_properties(Bytes& bytes, bool Property::*place, Packet& packet) {
  uint64_t size = 0, id = 0, seen = 0;
  bool ended = false;
  std::string_view list;
  // A length that is cut off counts as far as it goes.
  if (!bytes.varint(size, ended) || !bytes.part(size, list)) return Read::wrong;
  for (Bytes rest(list); !rest.empty();) {
    rest.number(1, id);
    const size_t at = place_of(id);
    // haproxy finds a CONNACK with an unknown property neither right nor wrong.
    if (at == property_count || !(properties[at].*place))
      return place == &Property::in_connack ? Read::incomplete : Read::wrong;
    const bool again = seen >> at & 1 && properties[at].form != Form::pair;
    if (again || !read_property(rest, properties[at].form, packet.numbers[at], packet.texts[at])) return Read::wrong;
    seen |= uint64_t{1} << at;
  }
  return Read::good;
}

Read read_connect(Bytes bytes, Packet& packet) {
  uint64_t version = 0, flags = 0;
  if (!bytes.text(packet.protocol_name) || !bytes.number(1, version) || !bytes.number(1, flags) ||
      !bytes.number(2, packet.keepalive))
    return Read::wrong;
  if (!base::equals_ignoring_case(packet.protocol_name, "MQTT") &&
      !base::equals_ignoring_case(packet.protocol_name, "MQIsdp"))
    return Read::wrong;
  if (version < 3 || version > 5 || flags & 1) return Read::wrong;
  packet.version = static_cast<uint8_t>(version);
  packet.flags = static_cast<uint8_t>(flags);
  packet.has_will = flags & 4;
  if (version == 5 && read_properties(bytes, &Property::in_connect, packet) != Read::good) return Read::wrong;
  if (!bytes.text(packet.client_identifier)) return Read::wrong;
  if (packet.has_will) {
    if (version == 5 && read_properties(bytes, &Property::in_will, packet) != Read::good) return Read::wrong;
    if (!bytes.text(packet.will_topic) || !bytes.text(packet.will_payload)) return Read::wrong;
  }
  if (flags & 0x80 && !bytes.text(packet.username)) return Read::wrong;
  if (flags & 0x40 && !bytes.text(packet.password)) return Read::wrong;
  return bytes.empty() ? Read::good : Read::wrong;
}

Read read_connack(Bytes bytes, Packet& packet) {
  uint64_t flags = 0, reason = 0;
  if (!bytes.number(1, flags) || !bytes.number(1, reason) || flags > 1) return Read::wrong;
  packet.flags = static_cast<uint8_t>(flags);
  packet.reason_code = static_cast<uint8_t>(reason);
  packet.version = bytes.empty() ? 4 : 5;
  if (bytes.empty()) return Read::good;
  const Read read = read_properties(bytes, &Property::in_connack, packet);
  return read == Read::good && !bytes.empty() ? Read::wrong : read;
}

/// Whether a packet that is waited for may begin with it: a known type with its flags. haproxy knows no message (3).
bool may_begin(uint64_t first) {
  constexpr unsigned flagged = 1u << 6 | 1u << 8 | 1u << 10;
  const uint64_t type = first >> 4, flags = first & 15;
  return type != 0 && type != 3 && flags == (flagged >> type & 1 ? 2u : 0u);
}

/// Reads the packet that the bytes begin with.
Read read_packet(std::string_view text, Packet& packet) {
  Bytes bytes(text);
  uint64_t first = 0, size = 0;
  bool ended = false;
  if (text.size() < 2) return Read::incomplete;
  bytes.number(1, first);
  if (!may_begin(first)) return Read::wrong;
  packet.type = static_cast<uint8_t>(first >> 4);
  if (!bytes.varint(size, ended)) return Read::wrong;
  std::string_view content;
  if (!bytes.part(size, content)) return Read::incomplete;
  if (size < 2 || (packet.type != connect && packet.type != connack)) return Read::wrong;
  return packet.type == connect ? read_connect(Bytes(content), packet) : read_connack(Bytes(content), packet);
}

bool is_valid(Arguments, Value& value, Context&) {
  Packet packet;
  const Read read = read_packet(value.text, packet);
  value.set_boolean(read == Read::good);
  return read != Read::incomplete;
}

/// A name or a number; as in haproxy, what follows '9' in ASCII counts on, as one character.
int packet_type(std::string_view text) {
  if (text.size() == 1)
    return text[0] > '0' && text[0] < '0' + static_cast<int>(std::size(packet_names)) ? text[0] - '0' : 0;
  int number = 0;
  bool digits = !text.empty();
  for (const char c : text) {
    digits = digits && c >= '0' && c <= '9' && number < 100;
    number = digits ? number * 10 + (c - '0') : 0;
  }
  if (digits) return number < static_cast<int>(std::size(packet_names)) ? number : 0;
  for (size_t i = 1; i < std::size(packet_names); ++i)
    if (base::equals_ignoring_case(text, packet_names[i])) return static_cast<int>(i);
  return 0;
}

int field_of(int type, std::string_view text) {
  if (type != connect && type != connack) return 0;
  for (const FieldName& name : field_names)
    if (name.packets & 1u << type && base::equals_ignoring_case(text, name.name)) return name.field;
  for (const Property& property : properties) {
    const bool here = type == connect ? property.in_connect || property.in_will : property.in_connack;
    if (here && text == fmt::format_int(property.id).c_str()) return property.id;
  }
  return 0;
}

/// Leaves the type and the field in the arguments' numbers.
std::string check_field(std::span<Argument> arguments, Library&) {
  const int type = packet_type(arguments[0].text);
  if (type == 0) return fmt::format("Unknown MQTT type '{}'", arguments[0].text);
  const int field = field_of(type, arguments[1].text);
  arguments[0].number = type;
  arguments[1].number = field;
  if (field != 0) return {};
  return fmt::format("Unknown MQTT field name '{}' for packet type '{}'", arguments[1].text, arguments[0].text);
}

bool set_text(std::string_view text, Value& value) {
  value.text = text;
  return !text.empty();
}

bool set_number(uint64_t number, Value& value, Scratch& scratch) {
  const fmt::format_int digits(number);
  value.text = scratch.copy({digits.data(), digits.size()});
  return true;
}

bool set_property(const Packet& packet, size_t at, Value& value, Scratch& scratch) {
  const Property& property = properties[at];
  const bool could_stand_there =
      packet.version == 5 && (packet.type == connack || property.in_connect || packet.has_will);
  if (!could_stand_there || property.form == Form::pair) return false;
  const bool is_text = property.form == Form::text || property.form == Form::filled_text;
  return is_text ? set_text(packet.texts[at], value) : set_number(packet.numbers[at], value, scratch);
}

bool field_value(Arguments arguments, Value& value, Context& context) {
  Packet packet;
  if (read_packet(value.text, packet) != Read::good || packet.type != arguments[0].number) return false;
  switch (arguments[1].number) {
    case flags: return set_number(packet.flags, value, context.scratch);
    case protocol_name: return set_text(packet.protocol_name, value);
    case protocol_version: return set_number(packet.version, value, context.scratch);
    case client_identifier: return set_text(packet.client_identifier, value);
    case will_topic: return set_text(packet.will_topic, value);
    case will_payload: return set_text(packet.will_payload, value);
    case username: return set_text(packet.username, value);
    case password: return set_text(packet.password, value);
    case keepalive: return set_number(packet.keepalive, value, context.scratch);
    case reason_code: return set_number(packet.reason_code, value, context.scratch);
    default: return set_property(packet, place_of(static_cast<uint64_t>(arguments[1].number)), value, context.scratch);
  }
}

constexpr Converter rows[] = {
    {"mqtt_field_value", ArgumentKinds::of("string,string"), binary, string, field_value, check_field, true,
     "A field or property of a CONNECT or CONNACK packet."},
    {"mqtt_is_valid", ArgumentKinds::of(""), binary, boolean, is_valid, nullptr, true,
     "Whether the bytes begin with a right CONNECT or CONNACK packet."},
};

}  // namespace

constinit const Rows mqtt_rows = rows;

}  // namespace ddbproxy::sample
