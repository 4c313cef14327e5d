// The pump that copies through a buffer.
#include "net/copy_pump.h"

#include <sys/socket.h>

#include "base/memory.h"

namespace ddbproxy::net {

std::unique_ptr<CopyPump> CopyPump::make(size_t size) {
  std::unique_ptr<char, Free> buffer(static_cast<char*>(base::allocate_above_margin(size)));
  if (!buffer) return nullptr;
  return std::unique_ptr<CopyPump>(new CopyPump(std::move(buffer), size));
}

ssize_t CopyPump::fill(int from) {
  const ssize_t n = recv(from, buffer_.get() + end_, room(), 0);
  if (n > 0) end_ += static_cast<size_t>(n);
  return n;
}

ssize_t CopyPump::drain(int to) {
  const ssize_t n = send(to, buffer_.get() + begin_, held(), MSG_NOSIGNAL);
  if (n > 0) begin_ += static_cast<size_t>(n);
  if (begin_ == end_) begin_ = end_ = 0;
  return n;
}

}  // namespace ddbproxy::net
