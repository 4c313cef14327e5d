// What the section `ring` says (manual 3.9).
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

/// No section `log-forward` is read yet.
struct LogForward {};

}  // namespace ddbproxy::model
