// The far end of a `log` line: takes one whole message at a time and never waits.
#pragma once

#include <memory>
#include <string_view>

#include <ddbproxy/model.h>

namespace ddbproxy::log {

/// Safe from any thread.
class Sink {
 public:
  virtual ~Sink() = default;
  /// False when the message could not be taken whole; errno says why.
  virtual bool send(std::string_view message) = 0;

  static std::unique_ptr<Sink> make(const model::LogTarget& target);
};

}  // namespace ddbproxy::log
