// Where a proxy's log messages go: compiled from its `log` lines; what cannot be written at once is counted, never
// waited for.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/model.h>

#include "log/header.h"
#include "sample/log_format.h"

namespace ddbproxy::log {

class Target;  // one `log` line: sink, framing, filter, sampling

/// One proxy's log. write() and session() are safe from any thread, never block, and drop what there is no memory for;
/// everything else is fixed at construction.
class Logger {
 public:
  Logger(const model::LogSettings& settings, const model::Global& global);
  ~Logger();

  bool has_targets() const { return !targets_.empty(); }
  /// Sends one message (without its final newline) to every target whose level lets it pass.
  void write(Level level, std::string_view message);

  /// When a stream calls session(), once: at accept, as soon as the server is reached, or at its end. A stream that
  /// ends before its moment calls it at its end.
  sample::Moment moment() const { return moment_; }
  /// Formats and sends a stream's line at level info (err with log-separate-errors on a failed stream), unless
  /// dontlognull or dontlog-normal says no.
  /// `samples` is what %[expressions] are evaluated on; null: they are absent. `level`: what a rule has set.
  void session(const sample::StreamFacts& facts, sample::Context* samples = nullptr, std::optional<Level> level = {});
  /// A connection that ended in its handshake, before there was a stream: `error-log-format`, or address, frontend,
  /// listener and `message`, e.g. "Received something which does not look like a PROXY protocol header".
  void connection_error(const sample::StreamFacts& facts, std::string_view message, sample::Context* samples = nullptr);

  /// Whether its lines have expressions, so that session() needs a Context.
  bool has_expressions() const { return expressions_; }

  const model::LogSettings& settings() const { return settings_; }

 private:
  void write_session(const sample::StreamFacts& facts, sample::Context* samples, std::optional<Level> level);
  void write_connection_error(const sample::StreamFacts& facts, std::string_view message, sample::Context* samples);
  void send(Level level, std::string_view structured_data, std::string_view message);
  std::string_view structured_data(const sample::StreamFacts& facts, const sample::LineContext& context) const;

  const model::LogSettings& settings_;
  Identity identity_;
  std::vector<std::unique_ptr<Target>> targets_;
  sample::LogFormat format_;
  sample::Moment moment_;
  bool expressions_ = false;
  std::atomic<uint64_t> lines_{0};  // logged so far: %lc
};

/// Messages that a target could not take since the start (`DroppedLogs`); any thread.
uint64_t dropped();
void note_dropped();

}  // namespace ddbproxy::log
