// The flags of a log variable applied to texts, numbers and addresses.
#include "sample/field_writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace ddbproxy::sample {
namespace {

bool must_encode(char c) {
  return c == '"' || static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }

}  // namespace

void FieldWriter::escaped_text(std::string_view value) {
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == ']') out_ += '\\';
    out_ += c;
  }
}

void FieldWriter::text(std::string_view value) {
  if (has(quoted)) out_ += '"';
  if (value.empty() && !has(quoted) && context.dashes) out_ += '-';
  if (has(escaped)) {
    escaped_text(value);
  } else {
    out_ += value;
  }
  if (has(quoted)) out_ += '"';
}

void FieldWriter::foreign_text(std::string_view value) { encoded_text(value, must_encode); }
void FieldWriter::sample_text(std::string_view value) { encoded_text(value, is_control); }

void FieldWriter::encoded_text(std::string_view value, bool (*encodes)(char)) {
  if (std::none_of(value.begin(), value.end(), encodes)) return text(value);
  std::string encoded;
  for (const char c : value) {
    if (encodes(c))
      fmt::format_to(std::back_inserter(encoded), "#{:02X}", static_cast<unsigned char>(c));
    else
      encoded += c;
  }
  text(encoded);
}

void FieldWriter::number(int64_t value) {
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
}

void FieldWriter::hex_number(uint64_t value, int digits) {
  if (has(hexadecimal)) {
    fmt::format_to(std::back_inserter(out_), "{:0{}X}", value, digits);
  } else {
    const fmt::format_int decimal(value);
    out_.append(decimal.data(), decimal.size());
  }
}

void FieldWriter::ip(const Address& address) {
  if (has(hexadecimal) && address.family() == AF_INET) {
    fmt::format_to(std::back_inserter(out_), "{:08X}", address.ipv4_host_order());
  } else if (has(hexadecimal) && address.family() == AF_INET6) {
    for (int i = 0; i < 16; ++i) fmt::format_to(std::back_inserter(out_), "{:02X}", address.ipv6_bytes()[i]);
  } else if (address.is_unix()) {
    text("unix");
  } else {
    text(address.empty() ? std::string() : address.host());
  }
}

void FieldWriter::port(const Address& address, uint32_t listener) {
  if (address.empty()) return text({});
  if (address.is_unix()) return number(listener);
  hex_number(address.port());
}

}  // namespace ddbproxy::sample
