#include "config/address_reader.h"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include "base/text.h"

namespace ddbproxy::config {
namespace {

enum class Form : uint8_t { ip, unix_path, abstract, descriptor, quic };
enum class Type : uint8_t { any, stream, datagram };

/// One row an address prefix.
struct Prefix {
  std::string_view name;
  Form form;
  int family;
  Type type;
};
constexpr std::array prefixes{
    Prefix{"abns@", Form::abstract, AF_UNIX, Type::any},
    Prefix{"fd@", Form::descriptor, AF_UNSPEC, Type::any},
    Prefix{"ip@", Form::ip, AF_UNSPEC, Type::any},
    Prefix{"ipv4@", Form::ip, AF_INET, Type::any},
    Prefix{"ipv6@", Form::ip, AF_INET6, Type::any},
    Prefix{"quic4@", Form::quic, AF_INET, Type::stream},
    Prefix{"quic6@", Form::quic, AF_INET6, Type::stream},
    Prefix{"sockpair@", Form::descriptor, AF_UNSPEC, Type::any},
    Prefix{"tcp4@", Form::ip, AF_INET, Type::stream},
    Prefix{"tcp6@", Form::ip, AF_INET6, Type::stream},
    Prefix{"tcp@", Form::ip, AF_UNSPEC, Type::stream},
    Prefix{"udp4@", Form::ip, AF_INET, Type::datagram},
    Prefix{"udp6@", Form::ip, AF_INET6, Type::datagram},
    Prefix{"udp@", Form::ip, AF_UNSPEC, Type::datagram},
    Prefix{"unix@", Form::unix_path, AF_UNIX, Type::any},
    Prefix{"uxdg@", Form::unix_path, AF_UNIX, Type::datagram},
    Prefix{"uxst@", Form::unix_path, AF_UNIX, Type::stream},
};

constexpr size_t longest_path = 97;       // haproxy keeps room for the name it binds before it renames
constexpr size_t longest_abstract = 107;  // sun_path without its leading zero byte

/// What stands at the beginning of `text`, by its digits, as atol() reads it.
long leading_number(std::string_view text) {
  long value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') break;
    if (value < 100'000'000) value = value * 10 + (c - '0');
  }
  return value;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

AddressReading failed(std::string error) {
  AddressReading reading;
  reading.error = std::move(error);
  return reading;
}

AddressReading read_descriptor(std::string_view digits, std::string_view whole, const AddressRules& rules) {
  const auto number = base::parse_integer(digits);
  if (!number || *number < 0)
    return failed(fmt::format("file descriptor '{}' is not a valid integer in '{}'", digits, whole));
  if (!rules.descriptor) return failed(fmt::format("a file descriptor is not acceptable here in '{}'", whole));
  AddressReading reading;
  reading.descriptor = static_cast<int>(*number);
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (getsockname(reading.descriptor, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
    return failed(fmt::format("cannot use file descriptor '{}' : {}.", digits, std::strerror(errno)));
  reading.address = Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage), length);
  reading.port = reading.last_port = reading.address.port();
  return reading;
}

AddressReading read_unix(std::string_view name, bool abstract, std::string_view whole, const AddressRules& rules) {
  const size_t limit = abstract ? longest_abstract : longest_path - rules.prefix.size();
  if (name.size() > limit) return failed(fmt::format("socket path '{}' too long (max {})", whole, limit));
  AddressReading reading;
  reading.address =
      abstract ? Address::abstract(name) : Address::unix_path(std::string(rules.prefix) + std::string(name));
  return reading;
}

/// Reads what follows the last colon into the reading; false and `error` set when it is wrong.
bool read_port(std::string_view port, bool present, std::string_view whole, const AddressRules& rules,
               AddressReading& reading) {
  if (!rules.port) return true;
  if (port.empty() || !present) {
    if (!rules.port_required) return true;
    reading.error = fmt::format("missing port specification in '{}'", whole);
    return false;
  }
  if (is_digit(port[0])) {
    const size_t dash = port.find('-');
    const std::string_view first = port.substr(0, dash);
    const std::string_view last = dash == port.npos ? first : port.substr(dash + 1);
    if (dash != port.npos && !rules.port_range) {
      reading.error = fmt::format("port range not permitted here in '{}'", whole);
      return false;
    }
    const long low = leading_number(first), high = leading_number(last);
    const long least = rules.port_required ? 1 : 0;
    for (const auto& [number, text] : {std::pair{low, first}, std::pair{high, last}})
      if (number < least || number > 65535) {
        reading.error = fmt::format("invalid port '{}'", text);
        return false;
      }
    if (high < low) {
      reading.error = fmt::format("invalid port range '{}-{}'", low, high);
      return false;
    }
    reading.port = static_cast<uint16_t>(low);
    reading.last_port = static_cast<uint16_t>(high);
    return true;
  }
  if (port[0] == '+' || port[0] == '-') {
    if (!rules.port_offset) {
      reading.error = fmt::format("port offset not permitted here in '{}'", whole);
      return false;
    }
    const long number = leading_number(port.substr(1));
    reading.port_offset = static_cast<int>(port[0] == '-' ? -number : number);
    reading.relative_port = true;
    return true;
  }
  reading.error = fmt::format("invalid character '{}' in port number '{}' in '{}'", port[0], port, whole);
  return false;
}

/// "", "*" and numeric addresses, with the brackets of an IPv6 one or without.
Address numeric_host(std::string_view host, int family) {
  if (host.empty() || host == "*") {
    const unsigned char any[16] = {};
    return family == AF_INET6 ? Address::ipv6(any, 0) : Address::ipv4(INADDR_ANY, 0);
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const Address address = Address::parse_ip(host);
  return family == AF_UNSPEC || family == address.family() ? address : Address();
}

AddressReading read_ip(std::string_view text, int family, std::string_view whole, const AddressRules& rules,
                       Outside& outside) {
  AddressReading reading;
  // The last colon begins the port, unless a bracket closes behind it: then there is none.
  size_t colon = rules.port ? text.find_last_of(":]") : text.npos;
  if (colon != text.npos && text[colon] == ']') colon = text.npos;
  const std::string_view host = text.substr(0, colon);
  if (!read_port(colon == text.npos ? std::string_view{} : text.substr(colon + 1), colon != text.npos, whole, rules,
                 reading))
    return reading;
  reading.address = numeric_host(host, family);
  if (reading.address.empty()) {
    reading.host = host;
    if (rules.resolve) reading.address = outside.host(reading.host, family);
    if (reading.address.empty() && !rules.keep_name)
      return failed(fmt::format("invalid address: '{}' in '{}'", host, whole));
  }
  if (!reading.address.empty()) reading.address.set_port(reading.port);
  return reading;
}

}  // namespace

std::string expand_variables(std::string_view text, const Environment& environment) {
  const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  std::string out;
  while (!text.empty()) {
    const size_t dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == text.npos) break;
    text.remove_prefix(dollar + 1);
    const bool brace = text.starts_with('{');
    if (brace) text.remove_prefix(1);
    size_t length = 0;
    while (length < text.size() && is_name(text[length])) ++length;
    if (const auto value = environment.get(text.substr(0, length))) out += *value;
    text.remove_prefix(length);
    if (brace && text.starts_with('}')) text.remove_prefix(1);
  }
  return out;
}

AddressReading read_address(std::string_view text, const AddressRules& rules, const Environment& environment,
                            Outside& outside) {
  std::string expanded;
  std::string_view rest = text;
  if (rules.variables && text.find('$') != text.npos) rest = expanded = expand_variables(text, environment);
  if (rest.empty())
    return failed(fmt::format("'{}' resolves to an empty address (environment variable missing?)", text));
  Type type = Type::any;
  if (rest.starts_with("stream+"))
    type = Type::stream, rest.remove_prefix(7);
  else if (rest.starts_with("dgram+"))
    type = Type::datagram, rest.remove_prefix(6);

  Form form = rest.starts_with('/') ? Form::unix_path : Form::ip;
  int family = AF_UNSPEC;
  for (const Prefix& prefix : prefixes)
    if (rest.starts_with(prefix.name)) {
      form = prefix.form;
      family = prefix.family;
      if (prefix.type != Type::any) type = prefix.type;
      rest.remove_prefix(prefix.name.size());
      break;
    }

  AddressReading reading;
  switch (form) {
    case Form::descriptor: reading = read_descriptor(rest, text, rules); break;
    case Form::unix_path: reading = read_unix(rest, false, text, rules); break;
    case Form::abstract: reading = read_unix(rest, true, text, rules); break;
    case Form::ip: reading = read_ip(rest, family, text, rules, outside); break;
    case Form::quic:
      return failed(fmt::format(
          "unsupported stream protocol for datagram family {} address '{}'; QUIC is not compiled in if this is "
          "what you were looking for.",
          family, text));
  }
  if (!reading) return reading;
  if (type == Type::datagram && !rules.datagram)
    return failed(fmt::format("dgram-type address not acceptable in '{}'", text));
  if (type == Type::stream && !rules.stream)
    return failed(fmt::format("stream-type address not acceptable in '{}'", text));
  reading.datagram = type == Type::datagram || (type == Type::any && !rules.stream);
  return reading;
}

}  // namespace ddbproxy::config
