// A client on its way to its stream.
#pragma once

#include <memory>

#include <ddbproxy/address.h>

#include "base/clock.h"
#include "base/fd.h"

namespace ddbproxy::live {
struct FrontendConfig;
struct Listener;
}  // namespace ddbproxy::live

namespace ddbproxy::stream {

struct Extras;
struct ExtrasDeleter {
  void operator()(Extras* extras) const;
};
/// Null until a rule needs them.
using OwnExtras = std::unique_ptr<Extras, ExtrasDeleter>;

/// Who came, and how.
struct Arrival {
  Address client;
  Address destination;  ///< What a PROXY header says the client connected to; empty: ask the kernel, if it matters.
  base::Instant accepted{};
  int64_t handshake_ms = 0;  ///< %Th: how long the PROXY header took.
  bool received_proxy = false;
};

/// A client that was let in, and for whom room was claimed: what becomes a stream.
struct Guest {
  enum Header : uint8_t { netscaler = 1, proxy = 2 };
  base::Fd client;
  const live::FrontendConfig* config;
  live::Listener* listener;
  Arrival arrival;
  OwnExtras extras = {};  ///< What rules on the connection have set.
  uint8_t expects = 0;    ///< What comes first: a set of Header, in this order.
};

}  // namespace ddbproxy::stream
