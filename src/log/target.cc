// Filters, samples, frames and cuts messages for one sink.
#include "log/target.h"

#include <algorithm>
#include <string>

namespace ddbproxy::log {

Target::Target(const model::LogTarget& settings) : settings_(settings), sink_(Sink::make(settings)) {}

bool Target::sampled() {
  if (settings_.sample_size == 0) return true;
  const uint64_t number = counter_.fetch_add(1, std::memory_order_relaxed) % settings_.sample_size + 1;
  return std::any_of(settings_.sample_ranges.begin(), settings_.sample_ranges.end(),
                     [&](const auto& range) { return number >= range.first && number <= range.second; });
}

bool Target::write(Level level, const Envelope& envelope, std::string_view message) {
  if (level > settings_.level || !sampled()) return true;
  const Level shown = std::max(level, static_cast<Level>(settings_.minimum_level));
  thread_local std::string line;  // keeps its capacity: no allocation a message
  line.clear();
  append_header(line, settings_, shown, envelope);
  line.append(message);
  // `len` counts the header but not the newline behind the message.
  if (line.size() > settings_.length) line.resize(settings_.length);
  line += '\n';
  return sink_->send(line);
}

bool Target::forward(const Received& message, base::WallTime now) {
  if (message.level() > settings_.level || !sampled()) return true;
  thread_local std::string line;
  line.clear();
  append_received(line, settings_, message, now);
  line += '\n';
  return sink_->send(line);
}

}  // namespace ddbproxy::log
