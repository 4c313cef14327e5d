#include "log/ring.h"

#include <algorithm>
#include <cstring>

namespace ddbproxy::log {

// Not cleared: pages that are never used cost nothing.
Ring::Ring(std::string name, size_t size) : name_(std::move(name)), size_(size), bytes_(new char[size]) {}

size_t Ring::size() const {
  std::lock_guard lock(mutex_);
  return size_;
}

void Ring::put(Position at, const char* bytes, size_t count) {
  const size_t from = at % size_, first = std::min(count, size_ - from);
  std::memcpy(&bytes_[from], bytes, first);
  std::memcpy(&bytes_[0], bytes + first, count - first);
}

void Ring::get(Position at, char* bytes, size_t count) const {
  const size_t from = at % size_, first = std::min(count, size_ - from);
  std::memcpy(bytes, &bytes_[from], first);
  std::memcpy(bytes + first, &bytes_[0], count - first);
}

size_t Ring::length_at(Position at) const {
  unsigned char length[head];
  get(at, reinterpret_cast<char*>(length), head);
  return static_cast<size_t>(length[0] << 8 | length[1]);
}

bool Ring::append(std::string_view message) {
  {
    std::lock_guard lock(mutex_);
    message = message.substr(0, 0xffff);
    const size_t needed = head + message.size();
    if (needed > size_) return false;
    while (newest_ - oldest_ + needed > size_) drop_oldest();
    const char length[head] = {static_cast<char>(message.size() >> 8), static_cast<char>(message.size())};
    put(newest_, length, head);
    put(newest_ + head, message.data(), message.size());
    newest_ += needed;
  }
  if (Listener* listener = listener_.load(std::memory_order_acquire)) listener->written();
  return true;
}

Ring::Position Ring::oldest() const {
  std::lock_guard lock(mutex_);
  return oldest_;
}

Ring::Position Ring::newest() const {
  std::lock_guard lock(mutex_);
  return newest_;
}

bool Ring::read(Position& at, std::string& out) const {
  std::lock_guard lock(mutex_);
  at = std::max(at, oldest_);
  if (at >= newest_) return false;
  const size_t length = length_at(at), before = out.size();
  out.resize(before + length);
  get(at + head, out.data() + before, length);
  at += head + length;
  return true;
}

void Ring::resize(size_t size) {
  std::lock_guard lock(mutex_);
  if (size == size_) return;
  while (newest_ - oldest_ > size) drop_oldest();
  std::unique_ptr<char[]> bytes(new char[size]);
  for (Position at = oldest_; at < newest_; ++at) bytes[at % size] = bytes_[at % size_];
  bytes_ = std::move(bytes);
  size_ = size;
}

}  // namespace ddbproxy::log
