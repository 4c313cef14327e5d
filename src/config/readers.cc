#include "config/readers.h"

#include <cstdlib>
#include <fmt/format.h>

#include "base/duration.h"
#include "base/text.h"

namespace ddbproxy::config {
namespace {

/// Reports and returns false when there is no word left.
bool has_word(Line& line, const char* expected) {
  if (!line.peek().empty()) return true;
  line.alert(fmt::format("'{}' expects {}", line.keyword(), expected), line.position());
  return false;
}

std::optional<std::chrono::microseconds> read_duration(Line& line, std::chrono::microseconds unit,
                                                       const char* expected) {
  using Outcome = base::DurationReading::Outcome;
  if (!has_word(line, expected)) return {};
  const std::string_view word = line.take();
  const auto reading = base::parse_duration(word, unit);
  const auto say = [&](std::string text) { line.alert(text); };
  switch (reading.outcome) {
    case Outcome::ok: return reading.value;
    case Outcome::bad_character:
      say(fmt::format("unexpected character '{}' in '{}'", word.substr(reading.bad_at, 1), line.keyword()));
      break;
    case Outcome::overflow: say(fmt::format("timer overflow in argument '{}' to '{}'", word, line.keyword())); break;
    case Outcome::underflow: say(fmt::format("timer underflow in argument '{}' to '{}'", word, line.keyword())); break;
  }
  return {};
}

}  // namespace

std::optional<model::Milliseconds> read_time(Line& line) {
  const auto value = read_duration(line, std::chrono::milliseconds(1), "an integer value (in milliseconds)");
  if (!value) return {};
  return std::chrono::duration_cast<model::Milliseconds>(*value);
}

std::optional<std::chrono::seconds> read_seconds(Line& line) {
  const auto value = read_duration(line, std::chrono::seconds(1), "an integer value (in seconds)");
  if (!value) return {};
  return std::chrono::duration_cast<std::chrono::seconds>(*value);
}

std::optional<long long> read_integer(Line& line, long long least, long long most) {
  if (!has_word(line, "an integer argument.")) return {};
  const std::string_view word = line.take();
  const auto value = base::parse_integer(word);
  if (value && *value >= least && *value <= most) return value;
  line.alert(fmt::format("'{}' expects an integer between {} and {} (got '{}').", line.keyword(), least, most, word));
  return {};
}

std::optional<long long> read_loose_integer(Line& line) {
  if (!has_word(line, "an integer argument.")) return {};
  return std::strtoll(std::string(line.take()).c_str(), nullptr, 10);
}

std::optional<std::string> read_string(Line& line) {
  if (!has_word(line, "an argument.")) return {};
  return std::string(line.take());
}

}  // namespace ddbproxy::config
