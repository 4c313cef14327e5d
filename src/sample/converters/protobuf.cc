// Converters of messages of Protocol Buffers, by themselves and in gRPC's frames.
#include "sample/converters/protobuf.h"

#include <bit>
#include <fmt/format.h>
#include <limits>

#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

enum class Wire : uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct Field {
  uint32_t number = 0;
  Wire wire = Wire::varint;
  std::string_view content;  ///< Of bytes without their length.
};

uint64_t read_varint(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes.size(); ++i) number |= uint64_t{static_cast<unsigned char>(bytes[i]) & 0x7fu} << 7 * i;
  return number;
}

bool take(std::string_view& text, size_t size, std::string_view& taken) {
  if (text.size() < size) return false;
  taken = text.substr(0, size);
  text.remove_prefix(size);
  return true;
}

/// Takes the bytes of a number of at most ten bytes.
bool take_varint(std::string_view& text, std::string_view& taken) {
  // haproxy reads a number of no bytes at the end of a message.
  if (text.empty()) return take(text, 0, taken);
  for (size_t size = 1; size <= 10 && size <= text.size(); ++size)
    if ((text[size - 1] & 0x80) == 0) return take(text, size, taken);
  return false;
}

/// Takes one field from the front of `message`, which is not empty.
bool take_field(std::string_view& message, Field& field) {
  std::string_view number;
  field.wire = Wire::varint;
  if (!take_varint(message, number)) return false;
  const uint64_t key = read_varint(number);
  field.number = static_cast<uint32_t>(key >> 3);
  field.wire = static_cast<Wire>(key & 7);
  switch (field.wire) {
    case Wire::varint: return take_varint(message, field.content);
    case Wire::fixed64: return take(message, 8, field.content);
    case Wire::fixed32: return take(message, 4, field.content);
    case Wire::bytes: return take_varint(message, number) && take(message, read_varint(number), field.content);
  }
  return false;
}

/// The type of the second argument: how the number stands on the wire, and what it is there.
struct NumberType {
  std::string_view name;
  Wire wire;
  int64_t (*read)(uint64_t);
};

int64_t plain(uint64_t number) { return static_cast<int64_t>(number); }
int64_t zigzag(uint64_t number) { return static_cast<int64_t>(number >> 1 ^ (0 - (number & 1))); }
int64_t signed32(uint64_t number) { return static_cast<int32_t>(static_cast<uint32_t>(number)); }

// As the processor turns them into integers: what is too large or no number is the smallest one.
int64_t truncated(double number) {
  constexpr double limit = 9223372036854775808.0;
  return number >= -limit && number < limit ? static_cast<int64_t>(number) : std::numeric_limits<int64_t>::min();
}
int64_t from_double(uint64_t bits) {
  constexpr double limit = 9223372036854775808.0;
  const auto number = std::bit_cast<double>(bits);
  if (number < limit || number != number) return truncated(number);
  return number < 2 * limit ? static_cast<int64_t>(static_cast<uint64_t>(number)) : 0;
}
int64_t from_float(uint64_t bits) {
  return static_cast<uint32_t>(truncated(std::bit_cast<float>(static_cast<uint32_t>(bits))));
}

constexpr NumberType number_types[] = {
    {"int32", Wire::varint, plain},    {"uint32", Wire::varint, plain},       {"sint32", Wire::varint, zigzag},
    {"int64", Wire::varint, plain},    {"uint64", Wire::varint, plain},       {"sint64", Wire::varint, zigzag},
    {"bool", Wire::varint, plain},     {"enum", Wire::varint, plain},         {"float", Wire::fixed32, from_float},
    {"fixed32", Wire::fixed32, plain}, {"sfixed32", Wire::fixed32, signed32}, {"double", Wire::fixed64, from_double},
    {"fixed64", Wire::fixed64, plain}, {"sfixed64", Wire::fixed64, plain}};

/// Leaves the place of the type in the argument's number.
std::string check_type(std::span<Argument> arguments, Library&) {
  Argument& argument = arguments[1];
  if (!given(argument)) return {};
  for (const NumberType& type : number_types)
    if (type.name == argument.text) {
      argument.number = &type - number_types;
      return {};
    }
  return fmt::format("Wrong protocol buffer type '{}'", argument.text);
}

uint64_t read_number(const Field& field) {
  if (field.wire == Wire::varint) return read_varint(field.content);
  uint64_t number = 0;
  for (size_t i = field.content.size(); i > 0; --i)
    number = number << 8 | static_cast<unsigned char>(field.content[i - 1]);
  return number;
}

enum class Found : uint8_t { yes, no, wrong };

/// Looks for the field that `path` leads to, in the messages that stand in each other; the path's length bounds how
/// deep it goes.
Found find(std::string_view message, std::string_view path, Field& field) {
  uint32_t number = 0;
  take_field_number(path, number);
  while (!message.empty()) {
    // Bytes that are cut off end their message, and nothing else.
    if (!take_field(message, field)) return field.wire == Wire::bytes ? Found::no : Found::wrong;
    if (field.number != number) continue;
    if (path.empty()) return Found::yes;
    if (field.wire != Wire::bytes) return Found::wrong;
    if (const Found found = find(field.content, path, field); found != Found::no) return found;
  }
  return Found::no;
}

bool set_found(const Field& field, const Argument& type, Value& value) {
  if (!given(type)) {
    value.set_binary(field.content);
    return true;
  }
  const NumberType& wanted = number_types[type.number];
  if (field.wire != wanted.wire) return false;
  value.set_integer(wanted.read(read_number(field)));
  return true;
}

bool protobuf(Arguments arguments, Value& value, Context&) {
  Field field;
  return find(value.text, arguments[0].text, field) == Found::yes && set_found(field, arguments[1], value);
}

bool ungrpc(Arguments arguments, Value& value, Context&) {
  // A byte that says whether it is compressed, four of length.
  std::string_view rest = value.text, header, message;
  while (take(rest, 5, header)) {
    size_t size = 0;
    for (const char c : header.substr(1)) size = size << 8 | static_cast<unsigned char>(c);
    if (!take(rest, size, message)) return false;
    Field field;
    const Found found = find(message, arguments[0].text, field);
    if (found == Found::yes) return set_found(field, arguments[1], value);
    if (found == Found::wrong) return false;
  }
  return false;
}

constexpr auto field_and_type = ArgumentKinds::of("Protocol buffers field number[,string]");

constexpr Converter rows[] = {
    {"protobuf", field_and_type, binary, binary, protobuf, check_type, true,
     "The field of a message of Protocol Buffers that numbers with dots lead to; with a type, as an integer."},
    {"ungrpc", field_and_type, binary, binary, ungrpc, check_type, true,
     "As protobuf, in the messages that gRPC frames."},
};

}  // namespace

constinit const Rows protobuf_rows = rows;

}  // namespace ddbproxy::sample
