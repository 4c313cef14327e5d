// Where a proxy's log messages go: compiled from its `log` lines; what cannot be written at once is counted, never waited for.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/model.h>

#include "sample/log_format.h"

namespace ddbproxy::log {

/// Syslog levels.
enum Level { emerg, alert, crit, err, warning, notice, info, debug };

class Target;  // one `log` line: sink, framing, filter, sampling

/// One proxy's log. write() and session() are safe from any thread and never block; everything else is fixed at construction.
class Logger {
 public:
  Logger(const model::LogSettings& settings, const model::Global& global);
  ~Logger();

  bool has_targets() const { return !targets_.empty(); }
  /// Sends one message (without its final newline) to every target whose level lets it pass.
  void write(Level level, std::string_view message);
  /// Formats and sends a stream's line at level info (err with log-separate-errors on a failed stream), unless
  /// dontlognull or dontlog-normal says no.
  void session(const sample::StreamFacts& facts);

  const model::LogSettings& settings() const { return settings_; }

 private:
  const model::LogSettings& settings_;
  std::vector<std::unique_ptr<Target>> targets_;
  sample::LogFormat format_;
};

/// Messages that no target took since the start (`DroppedLogs`); any thread.
uint64_t dropped();

}  // namespace ddbproxy::log
