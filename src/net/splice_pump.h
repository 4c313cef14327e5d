// The pump that moves bytes through a pipe, without a copy in user space.
#pragma once

#include <memory>

#include "base/fd.h"
#include "net/pump.h"

namespace ddbproxy::net {

/// Worth it for bulk only: two calls for each movement cost more than copying a few hundred bytes.
class SplicePump final : public Pump {
 public:
  /// Null when the system has no pipe to give. A size of 0 is the system's.
  static std::unique_ptr<SplicePump> open(size_t size);

  ssize_t fill(int from) override;
  ssize_t drain(int to) override;
  size_t held() const override { return held_; }
  size_t room() const override { return size_ - held_; }
  bool spliced() const override { return true; }

 private:
  base::Fd in_, out_;
  size_t size_ = 0, held_ = 0;
};

}  // namespace ddbproxy::net
