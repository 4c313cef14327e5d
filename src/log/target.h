// One `log` line at work: which messages it takes, how it frames them, and where they go.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include <ddbproxy/model.h>

#include "log/header.h"
#include "log/received.h"
#include "log/sink.h"

namespace ddbproxy::log {

/// Safe from any thread.
class Target {
 public:
  explicit Target(const model::LogTarget& settings);

  /// False when this target should have taken the message and could not.
  bool write(Level level, const Envelope& envelope, std::string_view message);
  /// The same of a message that somebody has sent.
  bool forward(const Received& message, base::WallTime now);

 private:
  bool sampled();

  const model::LogTarget& settings_;
  const std::unique_ptr<Sink> sink_;
  std::atomic<uint64_t> counter_{0};  // of messages, for `sample`
};

}  // namespace ddbproxy::log
