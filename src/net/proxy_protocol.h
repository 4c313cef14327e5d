// The PROXY protocol, both versions: reading the header that a client's proxy sends first, and writing ours. Pure.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/address.h>

namespace ddbproxy::net {

/// What the first bytes of a connection turned out to be.
enum class ProxyHeaderOutcome : uint8_t {
  addressed,  ///< a header that names both ends
  local,      ///< a header that names none: the connection's own ends count
  truncated,  ///< ends too early
  foreign,    ///< something else
  invalid,
  unhandled,  ///< a transport that haproxy does not take
};

struct ProxyHeader {
  ProxyHeaderOutcome outcome = ProxyHeaderOutcome::truncated;
  size_t length = 0;            ///< Of the header in bytes; what follows is the client's data.
  Address source, destination;  ///< Only when addressed.
  std::string_view authority, unique_id, network_namespace;  ///< Fields of version 2, in `data`; empty: there was none.
};

/// Reads a header that must stand whole at the start of `data`: like haproxy, it does not wait for a second packet.
ProxyHeader parse_proxy_header(std::string_view data);
/// haproxy's words for an outcome that is a failure, as its log has them.
std::string_view proxy_header_error(ProxyHeaderOutcome outcome);

/// The header that tells a server who the client is. With other than two IP addresses it says that it is not known.
std::string proxy_header_v1(const Address& source, const Address& destination);
/// Fields of version 2 behind the addresses.
struct ProxyFields {
  bool checksum = false;
  std::string_view unique_id = {};          ///< Empty: none.
  bool tls = false;                         ///< That the client used none.
  std::string_view network_namespace = {};  ///< The client's; empty: none.
};
std::string proxy_header_v2(const Address& source, const Address& destination, const ProxyFields& fields = {});

}  // namespace ddbproxy::net
