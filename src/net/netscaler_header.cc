// The client IP header of a NetScaler.
#include "net/netscaler_header.h"

#include <algorithm>
#include <netinet/in.h>

#include "net/big_endian.h"

namespace ddbproxy::net {
namespace {

using Outcome = NetscalerOutcome;

constexpr size_t least = 12;  // of which the form can be told
constexpr size_t legacy_head = 8, standard_head = 12;
constexpr size_t least_packet = 20, ipv4_head = 20, ipv6_head = 40, tcp_head = 20;

}  // namespace

NetscalerHeader parse_netscaler_header(std::string_view data, uint32_t magic) {
  NetscalerHeader header;
  if (data.size() < least) return header;
  const auto ends_as = [&](Outcome outcome) {
    header.outcome = outcome;
    return header;
  };
  if (long_at(data, 0) != magic) return ends_as(Outcome::bad_magic);
  size_t begin, length;
  // The legacy form has the packet behind its length at once; the standard one has a zero there.
  if ((byte_at(data, 8) & 0xd0) == 0x40) {
    begin = legacy_head;
    length = long_at(data, 4);
  } else if (byte_at(data, 8) == 0) {
    begin = standard_head;
    length = short_at(data, 10);
  } else {
    return ends_as(Outcome::unhandled);
  }
  if (data.size() < least_packet) return header;
  const unsigned version = byte_at(data, begin) >> 4;
  if (version != 4 && version != 6) return ends_as(Outcome::unhandled);
  // As in 2.6, what came is compared with the length of the packet alone, without what stands before it.
  const size_t ip_head = version == 4 ? ipv4_head : ipv6_head;
  if (data.size() < std::max(length, ip_head + tcp_head)) return header;
  if (byte_at(data, begin + (version == 4 ? 9 : 6)) != IPPROTO_TCP) return ends_as(Outcome::unhandled);
  const size_t ports = begin + (version == 4 ? (byte_at(data, begin) & 0xfu) * 4 : ipv6_head);
  // haproxy would read on behind what came.
  if (ports + 4 > data.size()) return header;
  const uint16_t from = short_at(data, ports), to = short_at(data, ports + 2);
  header.source = version == 4 ? ipv4_at(data, begin + 12, from) : ipv6_at(data, begin + 8, from);
  header.destination = version == 4 ? ipv4_at(data, begin + 16, to) : ipv6_at(data, begin + 24, to);
  header.length = begin + length;
  return ends_as(header.length > data.size() ? Outcome::cut_off : Outcome::addressed);
}

std::string_view netscaler_header_error(NetscalerOutcome outcome) {
  switch (outcome) {
    case Outcome::addressed: return "";
    case Outcome::cut_off: return "Connection error while waiting for NetScaler Client IP header";
    case Outcome::truncated: return "Truncated NetScaler Client IP header received";
    case Outcome::bad_magic: return "Received an invalid NetScaler Client IP magic number";
    case Outcome::unhandled: return "Received an unhandled protocol in the NetScaler Client IP header";
  }
  return "";
}

}  // namespace ddbproxy::net
