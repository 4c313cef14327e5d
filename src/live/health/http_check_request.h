// The request that an HTTP check sends. Pure.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/check_script.h>

namespace ddbproxy::live {

class Server;

/// As bytes. `state` is the value of X-Haproxy-Server-State; empty for none.
std::string http_check_request(const model::CheckRequest& request, std::string_view state);

/// "UP 1/3; address=127.0.0.1; port=80; name=b/s; ...": how the server is seen.
std::string server_state_words(const Server& server);

}  // namespace ddbproxy::live
