// Converters to JSON and from it, and of the parts of JSON web tokens.
#include "sample/converters/json.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "sample/base64.h"
#include "sample/converters/rows.h"
#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

enum class Errors : uint8_t { fail, drop };

struct Encoding {
  std::string_view name;
  bool utf8;
  Errors errors;
  bool overlong;  ///< Whether more bytes than necessary are no error.
};
constexpr Encoding encodings[] = {{"ascii", false, Errors::fail, false},
                                  {"utf8", true, Errors::fail, false},
                                  {"utf8s", true, Errors::drop, false},
                                  {"utf8p", true, Errors::fail, true},
                                  {"utf8ps", true, Errors::drop, true}};

/// Leaves the place of the encoding in the argument's number; without an argument it is the first.
std::string check_json(std::span<Argument> arguments, Library&) {
  Argument& argument = arguments[0];
  argument.number = 0;
  if (argument.text.empty()) return {};
  for (const Encoding& encoding : encodings)
    if (encoding.name == argument.text) {
      argument.number = &encoding - encodings;
      return {};
    }
  return "Unexpected input code type. Allowed value are 'ascii', 'utf8', 'utf8s', 'utf8p' and 'utf8ps'";
}

struct Character {
  uint32_t code = 0;
  bool wrong = false;
};

/// Takes one character of UTF-8, or what is a wrong one, from the front of `text`, which is not empty.
Character take_utf8(std::string_view& text, bool overlong) {
  constexpr uint32_t smallest[] = {0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};
  const auto first = static_cast<unsigned char>(text[0]);
  text.remove_prefix(1);
  if (first < 0x80) return {first, false};
  if (first < 0xc0 || first >= 0xfe) return {0, true};
  int more = 1;
  while (more < 5 && first & 0x40u >> more) ++more;
  uint32_t code = first & (0x3fu >> more);
  for (int i = 0; i < more; ++i) {
    if (text.empty() || (static_cast<unsigned char>(text[0]) & 0xc0) != 0x80) return {0, true};
    code = code << 6 | (static_cast<unsigned char>(text[0]) & 0x3f);
    text.remove_prefix(1);
  }
  const bool prohibited = (code >= 0xd800 && code <= 0xdfff) || code >= 0xfffe;
  return {code, prohibited || (!overlong && code < smallest[more])};
}

/// How JSON writes a character up to 0xffff.
std::string_view escaped(uint32_t code, std::array<char, 6>& room) {
  constexpr std::string_view plain = "\"\\/\b\f\n\r\t", letters = "\"\\/bfnrt";
  constexpr char digits[] = "0123456789abcdef";
  room[0] = '\\';
  if (code >= 0x20 && code < 0x7f && code != '"' && code != '\\' && code != '/') {
    room[0] = static_cast<char>(code);
    return {room.data(), 1};
  }
  if (const size_t at = code < 0x7f ? plain.find(static_cast<char>(code)) : plain.npos; at != plain.npos) {
    room[1] = letters[at];
    return {room.data(), 2};
  }
  room[1] = 'u';
  for (size_t i = 0; i < 4; ++i) room[i + 2] = digits[code >> (12 - 4 * i) & 15];
  return {room.data(), 6};
}

bool json(Arguments arguments, Value& value, Context& context) {
  const Encoding& encoding = encodings[arguments[0].number];
  Output out(context.scratch, std::min(6 * value.text.size(), context.scratch.longest()));
  std::array<char, 6> room;
  for (std::string_view rest = value.text; !rest.empty();) {
    Character character;
    if (encoding.utf8) {
      character = take_utf8(rest, encoding.overlong);
    } else {
      character.code = static_cast<unsigned char>(rest[0]);
      rest.remove_prefix(1);
    }
    if (character.wrong && encoding.errors == Errors::fail) return false;
    if (character.wrong) continue;
    const std::string_view text = escaped(character.code, room);
    if (text.size() > out.room()) return false;
    out.add_cut(text);
  }
  value.text = out.finish();
  return true;
}

std::string check_output_type(const Argument& type) {
  return type.text.empty() || type.text == "int" ? "" : "output_type only supports \"int\" as argument";
}

std::string check_json_query(std::span<Argument> arguments, Library&) {
  return arguments[0].text.empty() ? "json_path must not be empty" : check_output_type(arguments[1]);
}

std::string check_jwt_query(std::span<Argument> arguments, Library&) { return check_output_type(arguments[1]); }

/// The text between the quotes of a string, with what is escaped put in: \u only up to \u00ff, as one byte.
bool set_unescaped(std::string_view text, Value& value, Scratch& scratch) {
  constexpr std::string_view letters = "\"\\bfnrt", plain = "\"\\\b\f\n\r\t";
  Output out(scratch, text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      out.add(text[at]);
    } else if (text[at + 1] == 'u') {
      if (at + 5 >= text.size() || text.substr(at + 2, 2) != "00") return false;
      const int high = hex_digit(text[at + 4]), low = hex_digit(text[at + 5]);
      if (high < 0 || low < 0) return false;
      out.add(static_cast<char>(high << 4 | low));
      at += 5;
    } else {
      const size_t letter = letters.find(text[++at]);
      if (letter == letters.npos) return false;
      out.add(plain[letter]);
    }
  }
  value.set_string(out.finish());
  return true;
}

/// The number as C writes it in decimal, six digits at most.
void set_number(std::string_view text, Value& value, Scratch& scratch) {
  char* const copy = scratch.take(text.size() + 1);
  *std::copy(text.begin(), text.end(), copy) = '\0';
  const double number = std::strtod(copy, nullptr);
  scratch.trim(copy, 0);
  char* const out = scratch.take(32);
  const auto size = static_cast<size_t>(std::snprintf(out, 32, "%g", number));
  scratch.trim(out, size);
  value.set_string({out, size});
}

/// What C reads in front of `text`, octal and hexadecimal too, as far as doubles tell integers apart.
bool set_integer(std::string_view text, Value& value) {
  constexpr int64_t most = (int64_t{1} << 53) - 1;
  char copy[32];
  const size_t size = std::min(text.size(), sizeof copy - 1);
  *std::copy_n(text.begin(), size, copy) = '\0';
  const long long number = std::strtoll(copy, nullptr, 0);
  if (number < -most || number > most) return false;
  value.set_integer(number);
  return true;
}

bool query(std::string_view text, std::string_view path, bool as_integer, Value& value, Scratch& scratch) {
  const std::optional<std::string_view> found = find_json(text, path);
  if (!found) return false;
  switch ((*found)[0]) {
    case '"': return set_unescaped(found->substr(1, found->size() - 2), value, scratch);
    case 't': value.set_boolean(true); return true;
    case 'f': value.set_boolean(false); return true;
    case 'n': return false;
    default: break;
  }
  // What stands behind the number may belong to an integer: 0x1f.
  if (as_integer) return set_integer(text.substr(static_cast<size_t>(found->data() - text.data())), value);
  set_number(*found, value, scratch);
  return true;
}

bool json_query(Arguments arguments, Value& value, Context& context) {
  return query(value.text, arguments[0].text, !arguments[1].text.empty(), value, context.scratch);
}

/// A part of a token, between dots.
template <int part>
bool jwt_query(Arguments arguments, Value& value, Context& context) {
  std::string_view text = value.text;
  for (int i = 0; i < part; ++i) {
    const size_t dot = text.find('.');
    if (dot == text.npos) return false;
    text.remove_prefix(dot + 1);
  }
  text = text.substr(0, text.find('.'));
  // The manual has the whole part without a path; haproxy 2.6 has nothing then.
  if (arguments[0].text.empty()) return false;
  char* const bytes = context.scratch.take(text.size());
  const std::optional<size_t> size = read_base64url(text, bytes);
  context.scratch.trim(bytes, size.value_or(0));
  return size && query({bytes, *size}, arguments[0].text, !arguments[1].text.empty(), value, context.scratch);
}

constexpr auto jwt_arguments = ArgumentKinds::of("[string,string]");

constexpr Converter rows[] = {
    {"json", ArgumentKinds::of("string"), string, string, json, check_json, true,
     "The text as it stands between the quotes of a JSON string, read as ascii, utf8, utf8s, utf8p or utf8ps."},
    {"json_query", ArgumentKinds::of("string[,string]"), string, any, json_query, check_json_query, true,
     "The string, number or boolean that a path like $.a[0] leads to; a number as an integer with int."},
    {"jwt_header_query", jwt_arguments, binary, any, jwt_query<0>, check_jwt_query, true,
     "What json_query finds in the header of a JSON web token."},
    {"jwt_payload_query", jwt_arguments, binary, any, jwt_query<1>, check_jwt_query, true,
     "What json_query finds in the payload of a JSON web token."},
    {"jwt_verify", ArgumentKinds::of("string,string"), binary, integer, nullptr, nullptr, false,
     "Whether the signature of a JSON web token is right."},
};

}  // namespace

constinit const Rows json_rows = rows;

}  // namespace ddbproxy::sample
