// The PROXY protocol: reading and writing its header.
#include "net/proxy_protocol.h"

#include <charconv>
#include <fmt/format.h>
#include <netinet/in.h>

#include "net/big_endian.h"

namespace ddbproxy::net {
namespace {

using Outcome = ProxyHeaderOutcome;
using namespace std::string_view_literals;

constexpr std::string_view v1_start = "PROXY ";
constexpr std::string_view v2_signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr size_t v2_fixed = 16;  // signature, version and command, family, length
constexpr unsigned char v2_tcp4 = 0x11, v2_tcp6 = 0x21;
constexpr unsigned char field_authority = 0x02, field_checksum = 0x03, field_unique_id = 0x05, field_tls = 0x20,
                        field_namespace = 0x30;
constexpr size_t field_head = 3;  // type and length

size_t length_at(std::string_view data, size_t at) { return short_at(data, at); }

/// A port in decimal; -1 when it is none.
int read_port(std::string_view text) {
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text[0] == '-' || port > 65535) return -1;
  return port;
}

/// "SOURCE DESTINATION SPORT DPORT" behind "PROXY TCPx ".
bool read_v1_addresses(std::string_view text, int family, ProxyHeader& header) {
  std::string_view word[4];
  for (int i = 0; i < 4; ++i) {
    const size_t blank = text.find(' ');
    if ((blank == text.npos) != (i == 3)) return false;
    word[i] = text.substr(0, blank);
    if (word[i].empty()) return false;
    if (i < 3) text.remove_prefix(blank + 1);
  }
  if (family == AF_INET && (word[0].find('\0') != text.npos || word[1].find('\0') != text.npos)) return false;
  header.source = Address::parse_ip(word[0]);
  header.destination = Address::parse_ip(word[1]);
  const int source_port = read_port(word[2]), destination_port = read_port(word[3]);
  if (header.source.family() != family || header.destination.family() != family) return false;
  if (source_port < 0 || destination_port < 0) return false;
  header.source.set_port(static_cast<uint16_t>(source_port));
  header.destination.set_port(static_cast<uint16_t>(destination_port));
  return true;
}

ProxyHeader parse_v1(std::string_view data) {
  ProxyHeader header;
  const std::string_view rest = data.substr(v1_start.size());
  if (rest.starts_with("UNKNOWN\r\n")) {
    header.outcome = Outcome::local;
    header.length = v1_start.size() + 9;
    return header;
  }
  const bool four = rest.starts_with("TCP4 "), six = rest.starts_with("TCP6 ");
  if (!four && !six) {
    header.outcome = rest.size() < 9 && rest.find('\n') == rest.npos ? Outcome::truncated : Outcome::unhandled;
    return header;
  }
  const size_t end = rest.find_first_of("\r\n");
  if (end == rest.npos || (rest[end] == '\r' && end + 1 == rest.size())) return header;
  const bool good = rest[end] == '\r' && rest[end + 1] == '\n' &&
                    read_v1_addresses(rest.substr(5, end - 5), four ? AF_INET : AF_INET6, header);
  header.outcome = good ? Outcome::addressed : Outcome::invalid;
  header.length = v1_start.size() + end + 2;
  return header;
}

/// CRC32C of these bytes, continuing that of those before; begins with 0.
uint32_t crc32c(uint32_t crc, std::string_view data) {
  constexpr uint32_t polynomial = 0x82f63b78;
  crc = ~crc;
  for (const char byte : data) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
  }
  return ~crc;
}

/// Whether the four bytes at `at` are the checksum of the whole header, taken with zeroes in their place.
bool checksum_is_right(std::string_view header, size_t at) {
  constexpr std::string_view zeroes = "\0\0\0\0"sv;
  const uint32_t told = long_at(header, at);
  uint32_t crc = crc32c(0, header.substr(0, at));
  crc = crc32c(crc, zeroes);
  return told == crc32c(crc, header.substr(at + zeroes.size()));
}

/// Reads what follows the addresses. False unless it is fields of type, length and value and nothing else, as haproxy
/// would have them.
bool read_fields(std::string_view data, size_t at, ProxyHeader& header) {
  constexpr size_t longest_authority = 255, longest_unique_id = 128;
  while (at < data.size()) {
    if (data.size() - at < field_head) return false;
    const size_t length = length_at(data, at + 1), value = at + field_head;
    if (length > data.size() - value) return false;
    switch (byte_at(data, at)) {
      case field_checksum:
        if (length != 4 || !checksum_is_right(data, value)) return false;
        break;
      case field_authority:
        if (length > longest_authority) return false;
        header.authority = data.substr(value, length);
        break;
      case field_unique_id:
        if (length > longest_unique_id) return false;
        header.unique_id = data.substr(value, length);
        break;
      case field_namespace: header.network_namespace = data.substr(value, length); break;
      default: break;
    }
    at = value + length;
  }
  return true;
}

ProxyHeader parse_v2(std::string_view data) {
  ProxyHeader header;
  if (data.size() < v2_fixed) return header;
  const unsigned char version = byte_at(data, 12) >> 4, command = byte_at(data, 12) & 0x0f, family = byte_at(data, 13);
  if (!data.starts_with(v2_signature) || version != 2) {
    header.outcome = Outcome::foreign;
    return header;
  }
  header.length = v2_fixed + length_at(data, 14);
  if (data.size() < header.length) return header;
  const std::string_view whole = data.substr(0, header.length), body = whole.substr(v2_fixed);
  header.outcome = Outcome::invalid;
  if (command == 0) {
    header.outcome = Outcome::local;
  } else if (command == 1 && family == v2_tcp4 && body.size() >= 12 && read_fields(whole, v2_fixed + 12, header)) {
    header.source = ipv4_at(body, 0, short_at(body, 8));
    header.destination = ipv4_at(body, 4, short_at(body, 10));
    header.outcome = Outcome::addressed;
  } else if (command == 1 && family == v2_tcp6 && body.size() >= 36 && read_fields(whole, v2_fixed + 36, header)) {
    header.source = ipv6_at(body, 0, short_at(body, 32));
    header.destination = ipv6_at(body, 16, short_at(body, 34));
    header.outcome = Outcome::addressed;
  }
  return header;
}

void append_big_endian(std::string& out, uint32_t value, int bytes) {
  while (bytes--) out += static_cast<char>(value >> 8 * bytes & 0xff);
}

/// The address in 4 bytes, or in 16 with IPv4 mapped.
void append_address(std::string& out, const Address& address, bool six) {
  if (!six) return append_big_endian(out, address.ipv4_host_order(), 4);
  if (address.family() == AF_INET6) {
    out.append(reinterpret_cast<const char*>(address.ipv6_bytes()), 16);
  } else {
    out.append(10, '\0').append("\xff\xff", 2);
    append_big_endian(out, address.ipv4_host_order(), 4);
  }
}

void append_field(std::string& out, unsigned char type, std::string_view value) {
  out += static_cast<char>(type);
  append_big_endian(out, static_cast<uint32_t>(value.size()), 2);
  out += value;
}

}  // namespace

ProxyHeader parse_proxy_header(std::string_view data) {
  if (data.size() < v1_start.size()) return {};
  return data.starts_with(v1_start) ? parse_v1(data) : parse_v2(data);
}

std::string_view proxy_header_error(ProxyHeaderOutcome outcome) {
  switch (outcome) {
    case Outcome::addressed:
    case Outcome::local: return "";
    case Outcome::truncated: return "Truncated PROXY protocol header received";
    case Outcome::foreign: return "Received something which does not look like a PROXY protocol header";
    case Outcome::invalid: return "Received an invalid PROXY protocol header";
    case Outcome::unhandled: return "Received an unhandled protocol in the PROXY protocol header";
  }
  return "";
}

std::string proxy_header_v1(const Address& source, const Address& destination) {
  if (!source.is_ip() || source.family() != destination.family()) return "PROXY UNKNOWN\r\n";
  return fmt::format("PROXY TCP{} {} {} {} {}\r\n", source.family() == AF_INET ? 4 : 6, source.host(),
                     destination.host(), source.port(), destination.port());
}

std::string proxy_header_v2(const Address& source, const Address& destination, const ProxyFields& fields) {
  std::string out(v2_signature), body;
  const bool addressed = source.is_ip() && destination.is_ip();
  const bool six = source.family() == AF_INET6 || destination.family() == AF_INET6;
  if (addressed) {
    append_address(body, source, six);
    append_address(body, destination, six);
    append_big_endian(body, source.port(), 2);
    append_big_endian(body, destination.port(), 2);
  }
  constexpr size_t checksum_size = 4;
  const size_t checksum_at = v2_fixed + body.size() + field_head;
  if (fields.checksum) append_field(body, field_checksum, std::string(checksum_size, '\0'));
  if (!fields.unique_id.empty()) append_field(body, field_unique_id, fields.unique_id);
  // No flag of the client's, and no result of a verification.
  if (fields.tls) append_field(body, field_tls, std::string(5, '\0'));
  if (!fields.network_namespace.empty()) append_field(body, field_namespace, fields.network_namespace);
  out += addressed ? '\x21' : '\x20';  // version 2, PROXY or LOCAL
  out += static_cast<char>(!addressed ? 0 : six ? v2_tcp6 : v2_tcp4);
  append_big_endian(out, static_cast<uint32_t>(body.size()), 2);
  out += body;
  if (fields.checksum) {
    std::string checksum;
    append_big_endian(checksum, crc32c(0, out), checksum_size);
    out.replace(checksum_at, checksum_size, checksum);
  }
  return out;
}

}  // namespace ddbproxy::net
