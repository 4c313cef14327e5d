// The pump that moves bytes through a pipe.
#include "net/splice_pump.h"

#include <fcntl.h>

namespace ddbproxy::net {

std::unique_ptr<SplicePump> SplicePump::open(size_t size) {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC)) return nullptr;
  auto pump = std::make_unique<SplicePump>();
  pump->out_.reset(ends[0]);
  pump->in_.reset(ends[1]);
  // A user without privileges has a limit on the sum of all pipes; one of the default size works as well.
  if (size) fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(size));
  pump->size_ = static_cast<size_t>(fcntl(ends[1], F_GETPIPE_SZ));
  return pump;
}

ssize_t SplicePump::fill(int from) {
  const ssize_t n = splice(from, nullptr, in_.get(), nullptr, room(), SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (n > 0) held_ += static_cast<size_t>(n);
  return n;
}

ssize_t SplicePump::drain(int to) {
  const ssize_t n = splice(out_.get(), nullptr, to, nullptr, held_, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (n > 0) held_ -= static_cast<size_t>(n);
  return n;
}

}  // namespace ddbproxy::net
