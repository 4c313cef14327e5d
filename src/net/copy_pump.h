// The pump that copies through a buffer.
#pragma once

#include <memory>

#include "net/pump.h"

namespace ddbproxy::net {

/// One buffer, filled and drained in turns.
class CopyPump final : public Pump {
 public:
  explicit CopyPump(size_t size) : buffer_(new char[size]), size_(size) {}

  ssize_t fill(int from) override;
  ssize_t drain(int to) override;
  size_t held() const override { return end_ - begin_; }
  size_t room() const override { return size_ - end_; }
  bool spliced() const override { return false; }

 private:
  std::unique_ptr<char[]> buffer_;
  size_t size_;
  size_t begin_ = 0, end_ = 0;  // what is held
};

}  // namespace ddbproxy::net
