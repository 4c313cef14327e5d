// The client IP header that a NetScaler sends first: the IP and TCP headers of its client's packet behind a magic
// number. Pure.
#pragma once

#include <string_view>

#include <ddbproxy/address.h>

namespace ddbproxy::net {

/// What the first bytes of a connection turned out to be.
enum class NetscalerOutcome : uint8_t {
  addressed,  ///< a header
  cut_off,    ///< one that names both ends, but is longer than what came
  truncated,  ///< ends too early
  bad_magic,
  unhandled,  ///< neither of the two forms, or no TCP
};

struct NetscalerHeader {
  NetscalerOutcome outcome = NetscalerOutcome::truncated;
  size_t length = 0;            ///< Of the header in bytes; what follows is the client's data.
  Address source, destination;  ///< When addressed or cut off.
};

/// Reads a header of the legacy or the standard form that must stand whole at the start of `data`: like haproxy, it
/// does not wait for a second packet.
NetscalerHeader parse_netscaler_header(std::string_view data, uint32_t magic);
/// haproxy's words for an outcome that is a failure, as its log has them.
std::string_view netscaler_header_error(NetscalerOutcome outcome);

}  // namespace ddbproxy::net
