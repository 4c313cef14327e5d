#include "sample/cast.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <fmt/format.h>

#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

using enum Type;

constexpr unsigned bit(Type type) { return 1u << static_cast<unsigned>(type); }

constexpr unsigned texts = bit(string) | bit(binary), addresses = bit(address) | bit(ipv4) | bit(ipv6);

/// What values of each type can become, in the order of Type.
constexpr unsigned targets[] = {
    ~0u,                                                            // any
    bit(boolean) | bit(integer) | texts,                            // boolean
    bit(boolean) | bit(integer) | addresses | texts,                // integer
    bit(address),                                                   // address: as in haproxy, of a converter only
    bit(integer) | addresses | texts,                               // ipv4
    addresses | texts,                                              // ipv6
    bit(boolean) | bit(integer) | addresses | texts | bit(method),  // string
    texts,                                                          // binary
    texts | bit(method),                                            // method
};

constexpr unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// Four numbers up to 255 with dots between them; what follows is left alone unless it is a dot.
bool read_ipv4(std::string_view text, Value& value) {
  uint32_t whole = 0;
  size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) return false;
    const size_t begin = at;
    uint32_t number = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      number = number * 10 + static_cast<uint32_t>(text[at] - '0');
      if (number > 255) return false;
    }
    if (at == begin) return false;
    whole = whole << 8 | number;
  }
  if (at < text.size() && text[at] == '.') return false;
  value.set_ipv4(whole);
  return true;
}

bool read_ipv6(std::string_view text, Value& value) {
  char copy[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof copy) return false;
  *std::copy(text.begin(), text.end(), copy) = '\0';
  if (inet_pton(AF_INET6, copy, value.ip.data()) != 1) return false;
  value.type = ipv6;
  return true;
}

void map_to_ipv6(Value& value) {
  std::copy_n(value.ip.begin(), 4, value.ip.begin() + 12);
  std::copy(std::begin(mapped_prefix), std::end(mapped_prefix), value.ip.begin());
  value.type = ipv6;
}

bool to_integer(Value& value) {
  if (value.type == ipv4) {
    value.set_integer(value.ipv4_host_order());
  } else if (value.type == string) {
    if (value.text.empty()) return false;
    value.set_integer(leading_integer(value.text));
  }
  // A boolean stays one, even when arithmetic gives it another number: haproxy's does.
  return true;
}

bool to_ipv4(Value& value) {
  if (value.type == string) return read_ipv4(value.text, value);
  if (value.type == integer) {
    value.set_ipv4(static_cast<uint32_t>(value.number));
  } else if (value.type == ipv6) {
    if (!std::equal(std::begin(mapped_prefix), std::end(mapped_prefix), value.ip.begin())) return false;
    std::copy_n(value.ip.begin() + 12, 4, value.ip.begin());
    value.type = ipv4;
  }
  return true;
}

bool to_ipv6(Value& value) {
  if (value.type == string) return read_ipv6(value.text, value);
  if (value.type == integer) value.set_ipv4(static_cast<uint32_t>(value.number));
  if (value.type == ipv4) map_to_ipv6(value);
  return true;
}

bool to_address(Value& value) {
  if (value.type == integer) return to_ipv4(value);
  return value.type != string || read_ipv4(value.text, value) || read_ipv6(value.text, value);
}

void to_string(Value& value, Scratch& scratch) {
  if (value.type == boolean || value.type == integer) {
    const fmt::format_int digits(value.number);
    value.set_string(scratch.copy({digits.data(), digits.size()}));
  } else if (value.type == ipv4 || value.type == ipv6) {
    char* text = scratch.take(INET6_ADDRSTRLEN);
    inet_ntop(value.type == ipv4 ? AF_INET : AF_INET6, value.ip.data(), text, INET6_ADDRSTRLEN);
    const size_t size = std::strlen(text);
    scratch.trim(text, size);
    value.set_string({text, size});
  } else {
    // haproxy's texts end at the first zero byte.
    value.set_string(value.type == binary ? value.text.substr(0, value.text.find('\0')) : value.text);
  }
}

void to_binary(Value& value, Scratch& scratch) {
  if (value.type == boolean || value.type == integer) {
    char* bytes = scratch.take(8);
    const uint64_t number = value.type == boolean ? value.number != 0 : static_cast<uint64_t>(value.number);
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> (56 - 8 * i));
    value.set_binary({bytes, 8});
  } else if (value.type == ipv4 || value.type == ipv6) {
    value.set_binary(scratch.copy({reinterpret_cast<const char*>(value.ip.data()), value.type == ipv4 ? 4u : 16u}));
  } else {
    // Bytes, and still called a text, as haproxy does: what is made of them is one, too.
    value.set_string(value.text);
  }
}

}  // namespace

bool can_cast(Type from, Type to) {
  return from == to || to == any || (targets[static_cast<size_t>(from)] & bit(to)) != 0;
}

bool cast(Value& value, Type to, Scratch& scratch) {
  if (value.type == to || to == any) return true;
  if (value.type == any || !can_cast(value.type, to)) return false;
  switch (to) {
    case boolean:
      if (!to_integer(value)) return false;
      value.set_boolean(value.number != 0);
      return true;
    case integer: return to_integer(value);
    case address: return to_address(value);
    case ipv4: return to_ipv4(value);
    case ipv6: return to_ipv6(value);
    case string: to_string(value, scratch); return true;
    case binary: to_binary(value, scratch); return true;
    case method: value.set_method(value.text); return true;
    case any: return true;
  }
  return false;
}

}  // namespace ddbproxy::sample
