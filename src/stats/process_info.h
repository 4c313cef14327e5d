// `show info`: the table of figures about the whole process, and how they are written.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "live/state.h"
#include "stats/dump.h"
#include "stats/value.h"

namespace ddbproxy::live {
class PeerSections;
}

namespace ddbproxy::stats {

class ProcessInfo;

struct InfoField {
  std::string_view name;
  std::string_view doc;
  std::string_view metric;  ///< Its name for Prometheus, without "haproxy_process_"; empty: not shown.
  Tags tags{Origin::metric, Nature::gauge};
  Value (*ask)(const ProcessInfo&) = nullptr;  ///< null: a figure that 2.6 has only in other builds
};

/// All figures; one's index is its number in the typed and JSON formats.
std::span<const InfoField> info_fields();

/// What a figure may ask. Lives on the control thread; made once, so that rates have something to compare with.
class ProcessInfo {
 public:
  explicit ProcessInfo(live::State& process_state) : state(process_state) {}

  enum class Style : uint8_t { plain, typed, json };
  struct Options {
    Style style = Style::plain;
    bool descriptions = false;  ///< `desc`
    bool floats = false;        ///< `float`: times and rates with their fractions
  };
  void write(std::string& out, const Options& options);
  /// Brings the figures up to date; ask() of a row then sees them.
  void measure();
  /// To be called every second: what has been used since the last call becomes the last second's.
  void second_passed();
  /// One figure, by its name, as of now.
  Value ask(std::string_view name);

  live::State& state;
  // What only the rooms above know.
  bool stopping = false;
  uint32_t memory_mb = 0;  // -m
  uint32_t reloads = 0;    // that were carried out, and when the last one was
  std::optional<base::WallTime> last_reload;
  const live::PeerSections* peers = nullptr;  // null: none run
  uint32_t runtime_api_sessions = 0;
  uint32_t runtime_api_listeners = 0;

  // As of the last write().
  base::Instant now{};
  bool floats = false;
  uint32_t idle_percent = 100;
  size_t heap_allocated = 0, heap_used = 0;

  uint32_t listeners() const;
  uint32_t sessions() const;
  uint64_t bytes_out() const;
  /// Of the second that ends now, as far as the whole seconds tell.
  uint64_t bytes_out_rate() const;

 private:
  /// The second under way: what had been used when it began, and the bytes of the one before.
  struct Second {
    base::Instant began{base::start_instant()};
    int64_t cpu_us = 0;
    uint64_t bytes = 0, bytes_before = 0;
  } second_;
};

}  // namespace ddbproxy::stats
