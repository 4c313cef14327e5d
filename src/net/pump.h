// Moves bytes one way between two sockets.
#pragma once

#include <cstddef>
#include <string_view>
#include <sys/types.h>

namespace ddbproxy::net {

/// Holds the bytes that were read from one socket and not yet written to the other: in a buffer, or in a pipe that
/// they never leave the kernel for. Borrowed from its thread's pool while there is something to move.
class Pump {
 public:
  virtual ~Pump() = default;
  /// Reads what there is room for: how many bytes, 0 at the end of the stream, -1 with errno.
  virtual ssize_t fill(int from) = 0;
  /// Writes what it holds: how many bytes, -1 with errno.
  virtual ssize_t drain(int to) = 0;
  /// Bytes it holds, and how many more it could.
  virtual size_t held() const = 0;
  virtual size_t room() const = 0;
  /// What it holds, when it can be looked at: of a pipe, nothing.
  virtual std::string_view peek() const { return {}; }
  /// Through a pipe: what fill() leaves behind is not known from how much it took, and before draining it may fail with
  /// EAGAIN although there is more.
  virtual bool spliced() const = 0;
};

}  // namespace ddbproxy::net
