// What the sections `ring` (manual 3.9) and `log-forward` (manual 3.10) say.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

namespace ddbproxy::model {

/// How messages are told apart in a stream: a line end behind each, or its length before it (RFC 6587).
enum class LogFraming : uint8_t { legacy, octet_count };

/// A buffer that `log ring@` fills. When it is full the oldest messages go.
struct Ring {
  Location where;
  std::string name, description;
  LogTarget::Format format = LogTarget::Format::raw;
  uint32_t maxlen = 16384;  ///< Longest message, in bytes, its header included.
  uint32_t size = 16384;    ///< In bytes.
  /// Its servers, each of which gets every message by TCP, and its timeouts, as those of a backend of its name.
  std::unique_ptr<Proxy> proxy;
  std::vector<LogFraming> framings;  ///< One for each server.
};

/// Takes log messages from others and hands them on.
struct LogForward {
  Location where;
  std::string name;
  /// Its TCP listeners, their limits, the timeout of its clients, and its log lines, as those of a frontend of its
  /// name.
  std::unique_ptr<Proxy> proxy;
  std::vector<Bind> datagram_binds;
  std::string text;  ///< All its lines as read: two that have the same are alike.
};

}  // namespace ddbproxy::model
