// Converters of FIX messages (Financial Information eXchange): fields "tag=value", each with a byte 1 at its end.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

constexpr char field_end = '\1';
constexpr uint32_t message_type = 35, check_sum = 10;
/// "8=FIX.4.2|9=5|35=A|10=123|"
constexpr size_t shortest = 26;

constexpr std::string_view versions[] = {"FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIXT.1.1"};

struct TagName {
  std::string_view name;
  uint32_t tag;
};
constexpr TagName tag_names[] = {{"BeginString", 8},   {"BodyLength", 9},    {"MsgType", message_type},
                                 {"SenderCompID", 49}, {"TargetCompID", 56}, {"CheckSum", check_sum}};

/// Digits that fill the text, modulo 2^32.
bool read_digits(std::string_view text, uint32_t& number) {
  number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<uint32_t>(c - '0');
  }
  return !text.empty();
}

enum class Read : uint8_t { field, incomplete, wrong };

struct Field {
  std::string_view name, value;
  uint32_t tag = 0;
};

/// Takes one field from the front of `text`.
Read take_field(std::string_view& text, Field& field) {
  const size_t equals = text.find('=');
  const size_t end = equals == text.npos ? text.npos : text.find(field_end, equals);
  if (end == text.npos) return Read::incomplete;
  field.name = text.substr(0, equals);
  field.value = text.substr(equals + 1, end - equals - 1);
  text.remove_prefix(end + 1);
  return read_digits(field.name, field.tag) ? Read::field : Read::wrong;
}

/// Judges a message from its front on; incomplete: more bytes may make it one.
Read judge(std::string_view message) {
  if (message.size() < shortest) return Read::incomplete;
  std::string_view rest = message;
  Field field;
  uint32_t body_length = 0, sum = 0;
  if (const Read read = take_field(rest, field); read != Read::field) return read;
  if (field.name != "8" || std::find(std::begin(versions), std::end(versions), field.value) == std::end(versions))
    return Read::wrong;
  if (const Read read = take_field(rest, field); read != Read::field) return read;
  if (field.name != "9" || !read_digits(field.value, body_length)) return Read::wrong;
  const std::string_view body = rest;
  if (const Read read = take_field(rest, field); read != Read::field) return read;
  if (field.tag != message_type) return Read::wrong;
  std::string_view before = rest;
  do {
    before = rest;
    if (const Read read = take_field(rest, field); read != Read::field) return read;
  } while (field.tag != check_sum);
  if (body.size() - before.size() != body_length) return Read::wrong;
  for (const char c : message.substr(0, message.size() - before.size())) sum += static_cast<unsigned char>(c);
  uint32_t said = 0;
  return field.value.size() == 3 && read_digits(field.value, said) && said == sum % 256 ? Read::field : Read::wrong;
}

bool is_valid(Arguments, Value& value, Context&) {
  const Read read = judge(value.text);
  value.set_boolean(read == Read::field);
  return read != Read::incomplete;
}

/// Leaves the tag in the argument's number.
std::string check_tag(std::span<Argument> arguments, Library&) {
  Argument& argument = arguments[0];
  uint32_t tag = 0;
  for (const TagName& known : tag_names)
    if (base::equals_ignoring_case(known.name, argument.text)) tag = known.tag;
  if (tag == 0 && !read_digits(argument.text, tag)) tag = 0;
  argument.number = tag;
  return tag != 0 ? "" : fmt::format("Unknown FIX tag name '{}'", argument.text);
}

bool tag_value(Arguments arguments, Value& value, Context&) {
  std::string_view rest = value.text;
  Field field;
  while (take_field(rest, field) == Read::field)
    if (field.tag == arguments[0].number) {
      value.text = field.value;
      return !field.value.empty();
    }
  return false;
}

constexpr Converter rows[] = {
    {"fix_is_valid", ArgumentKinds::of(""), binary, boolean, is_valid, nullptr, true,
     "Whether the bytes begin with a whole and right FIX message."},
    {"fix_tag_value", ArgumentKinds::of("string"), binary, binary, tag_value, check_tag, true,
     "The value of a tag of a FIX message, by number or by one of six names."},
};

}  // namespace

constinit const Rows fix_rows = rows;

}  // namespace ddbproxy::sample
