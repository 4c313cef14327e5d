// The pump that copies through a buffer.
#pragma once

#include <cstdlib>
#include <memory>
#include <utility>

#include "net/pump.h"

namespace ddbproxy::net {

/// One buffer, filled and drained in turns.
class CopyPump final : public Pump {
 public:
  /// Null when there is no memory for it.
  static std::unique_ptr<CopyPump> make(size_t size);

  ssize_t fill(int from) override;
  ssize_t drain(int to) override;
  size_t held() const override { return end_ - begin_; }
  size_t room() const override { return size_ - end_; }
  bool spliced() const override { return false; }
  std::string_view peek() const override { return {buffer_.get() + begin_, end_ - begin_}; }
  /// Drops what it holds.
  void clear() { begin_ = end_ = 0; }

 private:
  struct Free {
    void operator()(char* block) const { std::free(block); }
  };
  CopyPump(std::unique_ptr<char, Free> buffer, size_t size) : buffer_(std::move(buffer)), size_(size) {}

  std::unique_ptr<char, Free> buffer_;
  size_t size_;
  size_t begin_ = 0, end_ = 0;  // what is held
};

}  // namespace ddbproxy::net
