// Decides whether a stream is logged, at which level, and hands the line to each target.
#include "log/logger.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

#include "base/host_name.h"
#include "base/memory.h"
#include "log/console.h"
#include "log/target.h"

namespace ddbproxy::log {
namespace {

std::atomic<uint64_t> dropped_messages{0};

sample::LogFormat format_of(const model::LogSettings& settings) {
  switch (settings.style) {
    case model::LogStyle::default_: return sample::LogFormat::connection();
    case model::LogStyle::tcp: return sample::LogFormat::tcp();
    case model::LogStyle::http: return sample::LogFormat::http();
    case model::LogStyle::http_clf: return sample::LogFormat::http_clf();
    case model::LogStyle::https: return sample::LogFormat::https();
    case model::LogStyle::custom: return settings.compiled ? *settings.compiled : sample::LogFormat();
  }
  return {};
}

std::string hostname_of(const model::Global& global) {
  if (!global.log_send_hostname.empty() || !global.send_hostname) return global.log_send_hostname;
  return base::host_name();
}

/// An error, a timeout, a retry, or a status of 500 and more. 'L' is a stream that ddbproxy answered itself.
bool failed(const sample::StreamFacts& facts) {
  const char cause = facts.termination[0];
  return (cause != '-' && cause != 'L') || facts.retries > 0 || (facts.http && facts.http->status >= 500);
}

/// A line that there is no memory for is one that its targets did not take.
template <class F>
void or_drop(F write) {
  if (base::within_memory(write) == base::Memory::broken_off) dropped_messages.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

Logger::Logger(const model::LogSettings& settings, const model::Global& global)
    : settings_(settings),
      identity_{hostname_of(global), settings.tag.empty() ? global.log_tag : settings.tag},
      format_(format_of(settings)) {
  for (const model::LogTarget& target : settings.targets) targets_.push_back(std::make_unique<Target>(target));
  expressions_ = format_.has_expressions() || (settings.compiled_sd && settings.compiled_sd->has_expressions());
  moment_ = settings.logasap ? std::min(format_.known(), sample::Moment::connected) : format_.known();
}

Logger::~Logger() = default;

void Logger::send(Level level, std::string_view structured_data, std::string_view message) {
  const Envelope envelope{identity_, getpid(), base::wall_now(), structured_data};
  size_t number = 0;
  for (const auto& target : targets_) {
    ++number;
    if (target->write(level, envelope, message)) continue;
    // Said once: a log server that is gone must not fill the terminal.
    if (dropped_messages.fetch_add(1, std::memory_order_relaxed) == 0 && errno != EAGAIN) {
      console(ConsoleLevel::alert, fmt::format("sendmsg()/writev() failed in logger #{}: {} (errno={})", number,
                                               std::strerror(errno), errno));
    }
  }
}

void Logger::write(Level level, std::string_view message) {
  or_drop([&] { send(level, {}, message); });
}

std::string_view Logger::structured_data(const sample::StreamFacts& facts, const sample::LineContext& context) const {
  if (!settings_.compiled_sd) return {};
  thread_local std::string text;
  text.clear();
  settings_.compiled_sd->append(text, facts, context);
  return text;
}

void Logger::session(const sample::StreamFacts& facts, sample::Context* samples, std::optional<Level> level) {
  if (!targets_.empty()) or_drop([&] { write_session(facts, samples, level); });
}

void Logger::write_session(const sample::StreamFacts& facts, sample::Context* samples, std::optional<Level> level) {
  const bool bad = failed(facts);
  if (settings_.style != model::LogStyle::default_) {
    if (settings_.dontlognull && !facts.partial && facts.bytes_in == 0 && !facts.received) return;
    if (settings_.dontlog_normal && !bad) return;
  }
  const uint64_t counter = lines_.fetch_add(1, std::memory_order_relaxed);
  const sample::LineContext context{counter, settings_.logasap, samples};
  thread_local std::string line;
  line.clear();
  format_.append(line, facts, context);
  if (line.empty()) return;
  send(level ? *level : bad && settings_.separate_errors ? err : info, structured_data(facts, context), line);
}

void Logger::connection_error(const sample::StreamFacts& facts, std::string_view message, sample::Context* samples) {
  if (targets_.empty() || (settings_.dontlognull && facts.bytes_in == 0 && !facts.received)) return;
  or_drop([&] { write_connection_error(facts, message, samples); });
}

void Logger::write_connection_error(const sample::StreamFacts& facts, std::string_view message,
                                    sample::Context* samples) {
  const uint64_t counter = lines_.fetch_add(1, std::memory_order_relaxed);
  const sample::LineContext context{counter, settings_.logasap, samples};
  std::string line;
  if (settings_.compiled_error) {
    settings_.compiled_error->append(line, facts, context);
  } else {
    static const sample::LogFormat prefix = *sample::LogFormat::parse("%ci:%cp [%t] %f/", {});
    prefix.append(line, facts, {});
    line.append(facts.bind_name).append(": ").append(message);
  }
  send(settings_.separate_errors ? err : info, structured_data(facts, context), line);
}

void note_dropped() { dropped_messages.fetch_add(1, std::memory_order_relaxed); }

uint64_t dropped() { return dropped_messages.load(std::memory_order_relaxed); }

}  // namespace ddbproxy::log
