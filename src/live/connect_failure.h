// What is said of a connection to a server that could not even begin.
#pragma once

#include <cstdint>
#include <string>

#include "live/server_words.h"
#include "net/connector.h"

namespace ddbproxy::live {

class Backend;

/// Writes haproxy's line into the log and to stderr, for the failures that have one. `to` is where it should go, and
/// `maxsock` the limit that a lack of descriptors is told with. Any thread.
void report_connect_failure(Backend& backend, const Address& to, const net::ConnectStart& start, uint32_t maxsock);

/// The same as the result of a check.
CheckResult connect_failure_result(const Address& to, const net::ConnectStart& start);

/// "process FD limit (maxsock=20). Please ...": what an errno of a call that makes sockets says.
std::string shortage_words(int error, uint32_t maxsock);

}  // namespace ddbproxy::live
