// What a server's options say of the PROXY header that it is sent.
#pragma once

#include <ddbproxy/model.h>

#include "net/proxy_protocol.h"

namespace ddbproxy::live {

/// Without the unique id, which only a stream knows. Of certificates and ciphers there is nothing to tell: no client
/// speaks TLS with ddbproxy yet.
inline net::ProxyFields fields_of(model::ProxyHeaderOptions options) {
  return {.checksum = options.has(model::ProxyHeaderOptions::crc32c),
          .tls = options.has(model::ProxyHeaderOptions::tls)};
}

}  // namespace ddbproxy::live
