// Converters of bytes: parts of them, and what they look like as digits.
#include <algorithm>
#include <fmt/format.h>

#include "sample/converters/rows.h"
#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

bool bytes(Arguments arguments, Value& value, Context&) {
  // A negative offset is behind every end, a negative length beyond it.
  const auto offset = static_cast<uint64_t>(arguments[0].number);
  const uint64_t most = given(arguments[1]) ? static_cast<uint64_t>(arguments[1].number) : value.text.npos;
  value.text = offset < value.text.size() ? value.text.substr(offset, most) : std::string_view();
  return true;
}

void add_hex(Output& out, char byte) {
  constexpr char digits[] = "0123456789ABCDEF";
  out.add(digits[static_cast<unsigned char>(byte) >> 4]);
  out.add(digits[byte & 15]);
}

void to_hex(Value& value, Scratch& scratch) {
  const size_t most = std::min(value.text.size(), scratch.longest() / 2);
  Output out(scratch, 2 * most);
  for (const char byte : value.text.substr(0, most)) add_hex(out, byte);
  value.set_string(out.finish());
}

bool hex(Arguments, Value& value, Context& context) {
  to_hex(value, context.scratch);
  return true;
}

bool hex2i(Arguments, Value& value, Context&) {
  uint64_t number = 0;
  for (const char c : value.text) {
    const int digit = hex_digit(c);
    if (digit < 0) return false;
    number = number << 4 | static_cast<uint64_t>(digit);
  }
  value.set_integer(static_cast<int64_t>(number));
  return true;
}

std::string check_truncate(const Argument& argument) {
  if (argument.number == 0 || argument.number == 1) return {};
  return fmt::format("Unsupported truncate value ({})", argument.number);
}

std::string check_be2dec(std::span<Argument> arguments, Library&) {
  if (arguments[1].number < 1 || arguments[1].number > 8)
    return fmt::format("chunk_size out of [1..8] range ({})", arguments[1].number);
  return check_truncate(arguments[2]);
}

std::string check_be2hex(std::span<Argument> arguments, Library&) {
  const int64_t size = arguments[1].number;
  const bool chunks = !arguments[0].text.empty() || arguments[2].number != 0;
  if (chunks && size <= 0) return fmt::format("chunk_size needs to be positive ({})", size);
  return check_truncate(arguments[2]);
}

/// Calls `write(chunk, out)` for pieces of the value, with the first argument between them, until one finds no room.
template <class Write>
void by_chunks(Arguments arguments, Value& value, Scratch& scratch, Write write) {
  const auto size = static_cast<size_t>(arguments[1].number);
  const std::string_view separator = arguments[0].text;
  const bool whole_ones = arguments[2].number == 1;
  Output out(scratch, scratch.longest());
  for (std::string_view rest = value.text; !rest.empty() && !(whole_ones && rest.size() < size);) {
    const std::string_view chunk = rest.substr(0, size);
    if (!write(chunk, out.size() == 0 ? std::string_view() : separator, out)) break;
    rest.remove_prefix(chunk.size());
  }
  value.set_string(out.finish());
}

bool be2dec(Arguments arguments, Value& value, Context& context) {
  by_chunks(arguments, value, context.scratch, [](std::string_view chunk, std::string_view separator, Output& out) {
    uint64_t number = 0;
    for (const char byte : chunk) number = number << 8 | static_cast<unsigned char>(byte);
    const fmt::format_int digits(number);
    if (out.room() < separator.size() + digits.size()) return false;
    out.add_cut(separator);
    out.add_cut({digits.data(), digits.size()});
    return true;
  });
  return true;
}

bool be2hex(Arguments arguments, Value& value, Context& context) {
  if (arguments[1].number == 0) {
    to_hex(value, context.scratch);
    return true;
  }
  by_chunks(arguments, value, context.scratch, [](std::string_view chunk, std::string_view separator, Output& out) {
    if (out.room() < separator.size() + 2 * chunk.size()) return false;
    out.add_cut(separator);
    for (const char byte : chunk) add_hex(out, byte);
    return true;
  });
  return true;
}

constexpr auto none = ArgumentKinds::of("");
constexpr auto chunks = ArgumentKinds::of("string[,integer,integer]");

constexpr Converter rows[] = {
    {"be2dec", chunks, binary, string, be2dec, check_be2dec, true,
     "Every so many bytes as a decimal number, highest byte first, with a separator between them."},
    {"be2hex", chunks, binary, string, be2hex, check_be2hex, true,
     "Every so many bytes as hexadecimal digits, with a separator between them."},
    {"bytes", ArgumentKinds::of("integer[,integer]"), binary, binary, bytes, nullptr, true,
     "The bytes from an offset on, at most so many."},
    {"hex", none, binary, string, hex, nullptr, true, "The bytes as hexadecimal digits."},
    {"hex2i", none, string, integer, hex2i, nullptr, true, "The number that hexadecimal digits stand for."},
};

}  // namespace

constinit const Rows byte_rows = rows;

}  // namespace ddbproxy::sample
