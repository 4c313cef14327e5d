// The cookie of a connection request of the Remote Desktop Protocol (manual 7.3.5 "req.rdp_cookie").
#pragma once

#include <string_view>

#include "sample/context.h"

namespace ddbproxy::live {
class Backend;
class Server;
}  // namespace ddbproxy::live

namespace ddbproxy::stream {

/// The value of the cookie of this name, or of whichever it is when `name` is empty, in what a client sent first.
/// not_yet: more bytes may tell.
sample::Answer find_rdp_cookie(std::string_view sent, std::string_view name, std::string_view& value);

/// `persist rdp-cookie`: the server that a cookie like "2130706433.36117.0000" names by its address and its port as
/// they lie in memory, if it may be used; or null. `even_down`: it may when it is down.
live::Server* server_of_rdp_cookie(std::string_view cookie, const live::Backend& backend, bool even_down);

}  // namespace ddbproxy::stream
