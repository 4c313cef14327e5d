// What is said to a SOCKS4 proxy, and what it answers. Pure.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/address.h>

namespace ddbproxy::net {

/// Asks for a connection to the server. Of an IPv6 address only the last four bytes are told, since there is room for
/// no more; of a UNIX socket nothing is.
std::string socks4_request(const Address& server);

constexpr size_t socks4_answer_size = 8;
/// Whether a whole answer grants it; like haproxy, looks at nothing else.
bool grants_socks4(std::string_view answer);

}  // namespace ddbproxy::net
