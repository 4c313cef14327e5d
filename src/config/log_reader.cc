#include "config/log_reader.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "config/address_reader.h"
#include "config/context.h"
#include "config/keyword.h"
#include "config/suggest.h"

namespace ddbproxy::config {

const std::array<std::string_view, 8> log_levels{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
const std::array<std::string_view, 8> log_formats{"rfc3164", "rfc5424", "priority", "short",
                                                  "timed",   "iso",     "raw",      "local"};

namespace {

using model::LogTarget;

constexpr std::array<std::string_view, 24> facilities{
    "kern", "user",  "mail",  "daemon", "auth",   "syslog", "lpr",    "news",   "uucp",   "cron",   "auth2",  "ftp",
    "ntp",  "audit", "alert", "cron2",  "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"};

constexpr uint16_t syslog_port = 514;

template <size_t n>
int index_of(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

Diagnostic& refuse(Line& line, std::string_view text) { return line.alert(fmt::format("log : {}", text)); }

bool read_length(Line& line, LogTarget& target) {
  const std::string word(line.take());
  const long length = std::strtol(word.c_str(), nullptr, 10);
  if (length < 80 || length > 65535) {
    refuse(line, fmt::format("invalid log length '{}', must be between 80 and 65535", word));
    return false;
  }
  target.length = static_cast<uint32_t>(length);
  return true;
}

bool read_format(Line& line, LogTarget& target) {
  const std::string_view word = line.take();
  const int format = index_of(log_formats, word);
  if (format < 0) {
    suggest_of(refuse(line, fmt::format("unknown log format '{}'", word)), word, log_formats);
    return false;
  }
  target.format = static_cast<LogTarget::Format>(format);
  return true;
}

/// "<ranges>:<size>", ranges as "1,3-5".
bool read_sample(Line& line, LogTarget& target) {
  const std::string_view word = line.take();
  const size_t colon = word.find(':');
  if (colon == word.npos) {
    refuse(line, "Missing sample size");
    return false;
  }
  const std::string_view ranges = word.substr(0, colon), size_text = word.substr(colon + 1);
  for (const std::string_view range : base::split(ranges, ',')) {
    const size_t dash = range.find('-');
    const auto low = base::parse_integer(range.substr(0, dash));
    const auto high = dash == range.npos ? low : base::parse_integer(range.substr(dash + 1));
    if (!low || !high || *low < 1 || *high < *low || *high > UINT32_MAX) {
      refuse(line, fmt::format("wrong sample range '{}'", range));
      return false;
    }
    target.sample_ranges.emplace_back(static_cast<uint32_t>(*low), static_cast<uint32_t>(*high));
  }
  std::sort(target.sample_ranges.begin(), target.sample_ranges.end());
  for (size_t i = 1; i < target.sample_ranges.size(); ++i)
    if (target.sample_ranges[i].first <= target.sample_ranges[i - 1].second) {
      refuse(line, "ranges are overlapping");
      return false;
    }
  const auto size = base::parse_integer(size_text);
  if (!size || *size < 1 || *size > UINT32_MAX) {
    refuse(line, fmt::format("wrong sample size '{}' for sample range '{}'", size_text, ranges));
    return false;
  }
  target.sample_size = static_cast<uint32_t>(*size);
  const uint32_t highest = target.sample_ranges.back().second;
  if (target.sample_size < highest) {
    refuse(line, fmt::format("sample size {} should be greater or equal to {} the maximum of the high ranges limits",
                             target.sample_size, highest));
    return false;
  }
  return true;
}

/// Where the messages go: stdout, stderr, fd@<n>, or a datagram socket.
bool read_place(Line& line, LogTarget& target) {
  const std::string_view word = line.take();
  target.text = word;
  const std::string expanded =
      expand_variables(word, line.context().environment());  // but no variable may hold "stdout"
  if (word == "stdout" || word == "stderr" || expanded.starts_with("fd@")) {
    target.kind = LogTarget::Kind::fd;
    const std::string_view number = std::string_view(expanded).substr(3);
    if (word == "stdout")
      target.fd = 1;
    else if (word == "stderr")
      target.fd = 2;
    else if (const auto fd = base::parse_integer(number); fd && *fd >= 0 && *fd <= INT32_MAX)
      target.fd = static_cast<int>(*fd);
    else {
      refuse(line, fmt::format("file descriptor '{}' is not a valid integer in '{}'", number, word));
      return false;
    }
    return true;
  }
  if (word.starts_with("ring@")) {
    target.kind = LogTarget::Kind::ring;
    target.ring = word.substr(5);
    line.context().ring_uses.push_back({target.ring, line.where(line.position() - 1)});
    return true;
  }
  AddressRules rules{.descriptor = true, .stream = false, .datagram = true};
  rules.keep_name = !line.context().options.resolve_names;
  rules.resolve = line.context().options.resolve_names;
  AddressReading reading = read_address(word, rules, line.context());
  if (reading.error.starts_with("stream-type"))
    reading.error = fmt::format("syslog over TCP as in '{}' is not supported by ddbproxy yet", word);
  if (reading && reading.descriptor >= 0)
    reading.error = fmt::format("a socket as in '{}' is not supported by ddbproxy yet", word);
  if (!reading) {
    refuse(line, reading.error);
    return false;
  }
  target.address = reading.address;
  if (target.address.is_ip() && reading.port == 0) target.address.set_port(syslog_port);
  return true;
}

/// Takes the next word, if any, as a level; false when it is none.
bool read_level(Line& line, int& level, std::string_view what) {
  if (line.peek().empty()) return true;
  const std::string_view word = line.take();
  level = index_of(log_levels, word);
  if (level >= 0) return true;
  suggest_of(refuse(line, fmt::format("unknown optional {} '{}'", what, word)), word, log_levels);
  return false;
}

}  // namespace

std::optional<LogTarget> read_log_target(Line& line, bool global_section) {
  LogTarget target;
  const size_t address_at = line.position();
  const bool has_address = !line.peek().empty();
  if (has_address) line.take();
  if (line.peek() == "len" && (line.take(), !read_length(line, target))) return {};
  if (line.peek() == "format" && (line.take(), !read_format(line, target))) return {};
  if (line.peek() == "sample" && (line.take(), !read_sample(line, target))) return {};
  if (!has_address || line.peek().empty()) {
    refuse(line, fmt::format("expects <address> and <facility> {} as arguments", global_section ? "" : "or global"));
    return {};
  }
  const size_t facility_at = line.position();
  const std::string_view facility = line.take();
  target.facility = index_of(facilities, facility);
  if (target.facility < 0) {
    suggest_of(refuse(line, fmt::format("unknown log facility '{}'", facility)), facility, facilities);
    return {};
  }
  if (!read_level(line, target.level, "log level")) return {};
  if (!read_level(line, target.minimum_level, "minimum log level")) return {};
  if (!line.peek().empty()) {
    line.alert(fmt::format("log : cannot handle unexpected argument '{}'", line.peek()), line.position());
    return {};
  }
  line.seek(address_at);
  const bool placed = read_place(line, target);
  line.seek(std::max(facility_at, line.size()));
  if (!placed) return {};
  return target;
}

void warn_of_override(Line& line, const model::LogSettings& log, std::string_view by) {
  using model::LogStyle;
  if (line.context().section != in_defaults) return;
  const char* previous = nullptr;
  switch (log.style) {
    case LogStyle::default_: return;
    case LogStyle::tcp: previous = "option tcplog"; break;
    case LogStyle::http: previous = "option httplog"; break;
    case LogStyle::http_clf: previous = "option httplog clf"; break;
    case LogStyle::https: previous = "option httpslog"; break;
    case LogStyle::custom: previous = "log-format"; break;
  }
  line.report(
      Severity::warning,
      fmt::format("parsing [{}]: '{}' overrides previous '{}' in 'defaults' section.", line.place(), by, previous), 0);
}

}  // namespace ddbproxy::config
