#include "sample/patterns/reading.h"

#include <algorithm>
#include <arpa/inet.h>
#include <bit>
#include <charconv>
#include <fmt/format.h>

#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

/// A decimal number that fills the whole text; a '-' before it is the only sign.
std::optional<int64_t> whole_number(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

constexpr int64_t most_of_part = 65535;

/// "3" or "3.1".
std::optional<int64_t> dotted_number(std::string_view text) {
  const auto part = [](std::string_view digits) -> std::optional<int64_t> {
    if (digits.starts_with('-')) return {};
    const auto number = whole_number(digits);
    return number && *number <= most_of_part ? number : std::nullopt;
  };
  const size_t dot = text.find('.');
  const auto major = part(text.substr(0, dot));
  const auto minor = dot == std::string_view::npos ? 0 : part(text.substr(dot + 1));
  if (!major || !minor) return {};
  return *major << 16 | *minor;
}

base::Result<NumberRange> read_any_range(std::string_view text, std::optional<int64_t> (*number)(std::string_view),
                                         std::string_view kind) {
  const size_t separator = text.find_first_of(":-");
  if (separator == std::string_view::npos) {
    const auto only = number(text);
    if (!only) return base::Error{0, fmt::format("'{}' is not a {}number", text, kind)};
    return NumberRange{*only, *only};
  }
  const std::string_view low = text.substr(0, separator), high = text.substr(separator + 1);
  const auto lowest = low.empty() ? INT64_MIN : number(low), highest = high.empty() ? INT64_MAX : number(high);
  if ((low.empty() && high.empty()) || !lowest || !highest || *lowest > *highest)
    return base::Error{0, fmt::format("'{}' is not a valid {}number range", text, kind)};
  return NumberRange{*lowest, *highest};
}

/// A text with its end, as inet_pton wants it.
bool ipv6_of(std::string_view text, unsigned char* bytes) {
  char copy[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof copy || text.find('\0') != std::string_view::npos) return false;
  *std::copy(text.begin(), text.end(), copy) = '\0';
  return inet_pton(AF_INET6, copy, bytes) == 1;
}

/// As inet_pton(), and many times as fast: files have a hundred thousand of them.
std::optional<uint32_t> ipv4_of(std::string_view text) {
  uint32_t whole = 0;
  size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) return {};
    const size_t begin = at;
    uint32_t number = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && at - begin < 3; ++at)
      number = number * 10 + static_cast<uint32_t>(text[at] - '0');
    if (at == begin || number > 255 || (text[begin] == '0' && at - begin > 1)) return {};
    whole = whole << 8 | number;
  }
  return at == text.size() ? std::optional(whole) : std::nullopt;
}

void set_host_order(unsigned char* bytes, uint32_t address) {
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<unsigned char>(address >> (24 - 8 * i));
}

std::optional<int64_t> mask_bits(std::string_view text, int64_t most) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto bits = whole_number(text);
  return bits && *bits >= 0 && *bits <= most ? bits : std::nullopt;
}

bool read_ipv4_network(std::string_view address, std::optional<std::string_view> mask, const ResolveHost& resolve,
                       Network& network) {
  network.mask = ~uint32_t{0};
  if (mask) {
    if (mask->find('.') != std::string_view::npos) {
      const auto written = ipv4_of(*mask);
      if (!written) return false;
      network.mask = *written;
    } else {
      const auto bits = mask_bits(*mask, 32);
      if (!bits) return false;
      network.mask = *bits == 0 ? 0 : ~uint32_t{0} << (32 - *bits);
    }
  }
  auto found = ipv4_of(address);
  if (!found) {
    if (!resolve || address.empty() || address.find(':') != std::string_view::npos) return false;
    found = resolve(address);
    if (!found) return false;
  }
  network.bits = static_cast<uint8_t>(std::popcount(network.mask));
  network.is_prefix = std::countl_one(network.mask) == network.bits;
  set_host_order(network.address.data(), *found & network.mask);
  return true;
}

bool read_ipv6_network(std::string_view address, std::optional<std::string_view> mask, Network& network) {
  const auto bits = mask ? mask_bits(*mask, 128) : 128;
  if (!bits || !ipv6_of(address, network.address.data())) return false;
  network.ipv6 = true;
  network.bits = static_cast<uint8_t>(*bits);
  network.is_prefix = true;
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(static_cast<int>(*bits) - 8 * i, 0, 8);
    network.address[static_cast<size_t>(i)] &= static_cast<unsigned char>(0xff00 >> kept);
  }
  return true;
}

std::string shown(Match match, int64_t number) {
  return match == Match::dotted ? fmt::format("{}.{}", number >> 16, number & 0xffff) : fmt::format("{}", number);
}

}  // namespace

base::Result<NumberRange> read_range(std::string_view text) { return read_any_range(text, whole_number, ""); }

base::Result<NumberRange> read_dotted_range(std::string_view text) {
  return read_any_range(text, dotted_number, "dotted ");
}

base::Result<Network> read_network(std::string_view text, const ResolveHost& resolve) {
  const size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto mask = slash == std::string_view::npos ? std::nullopt : std::optional(text.substr(slash + 1));
  Network network;
  if (read_ipv4_network(address, mask, resolve, network)) return network;
  if (read_ipv6_network(address, mask, network)) return network;
  return base::Error{0, fmt::format("'{}' is not a valid IPv4 or IPv6 address", text)};
}

bool read_map_value(std::string_view text, Type type, Value& value) {
  if (type == Type::integer) {
    value.set_integer(take_integer(text));
    return text.empty();
  }
  value.set_string(text);
  if (type != Type::address) return true;
  // Four numbers up to 255 with dots between them; haproxy minds nothing behind them but another dot.
  uint32_t whole = 0;
  size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) break;
    const size_t begin = at;
    uint32_t number = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && number <= 255; ++at)
      number = number * 10 + static_cast<uint32_t>(text[at] - '0');
    if (at == begin || number > 255) break;
    whole = whole << 8 | number;
    if (part < 3) continue;
    if (at < text.size() && text[at] == '.') break;
    value.set_ipv4(whole);
    return true;
  }
  if (!ipv6_of(text, value.ip.data())) return false;
  value.type = Type::ipv6;
  return true;
}

base::Result<std::optional<std::string>> PatternWords::read(std::string_view word) {
  using Answer = std::optional<std::string>;
  if (!has_operators(match_)) return Answer(word);
  constexpr std::pair<std::string_view, Operator> operators[] = {{"eq", Operator::eq},
                                                                 {"gt", Operator::gt},
                                                                 {"ge", Operator::ge},
                                                                 {"lt", Operator::lt},
                                                                 {"le", Operator::le},
                                                                 // haproxy knows the word and compares for equality.
                                                                 {"ne", Operator::eq}};
  for (const auto& [name, meant] : operators) {
    if (word != name) continue;
    operator_ = meant;
    return Answer();
  }
  if (operator_ == Operator::eq || word.find_first_of(":-") != std::string_view::npos) return Answer(word);
  const auto number = match_ == Match::dotted ? dotted_number(word) : whole_number(word);
  if (!number) return base::Error{0, fmt::format("'{}' is neither a number nor a supported operator", word)};
  // What no number is beyond wraps around, as in haproxy: the range that it gives is then refused.
  const auto next_to = [&](int64_t distance) {
    return static_cast<int64_t>(static_cast<uint64_t>(*number) + static_cast<uint64_t>(distance));
  };
  switch (operator_) {
    case Operator::gt: return Answer(shown(match_, next_to(1)) + ":");
    case Operator::ge: return Answer(shown(match_, *number) + ":");
    case Operator::lt: return Answer(":" + shown(match_, next_to(-1)));
    case Operator::le: return Answer(":" + shown(match_, *number));
    case Operator::eq: break;
  }
  return Answer(word);
}

}  // namespace ddbproxy::sample
