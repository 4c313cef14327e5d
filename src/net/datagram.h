// Opening a socket that receives datagrams.
#pragma once

#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "net/listener.h"

namespace ddbproxy::net {

/// Non-blocking and close-on-exec. A UNIX socket takes the place of one that is there. Fails with haproxy's words.
base::Result<base::Fd> open_datagram(const model::Bind& bind, const Address& address, const ListenOptions& options);

}  // namespace ddbproxy::net
