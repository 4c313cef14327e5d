#include "config/readers.h"

#include <cctype>
#include <cstdlib>
#include <fmt/format.h>

#include "base/duration.h"
#include "base/text.h"
#include "config/context.h"

namespace ddbproxy::config {

const char* const timer_overflow =
    "timer overflow in argument '{w}' to '{k}' (maximum value is 2147483647 ms or ~24.8 days)";
const char* const timer_overflow_in_server =
    "timer overflow in argument '{w}' to '{k}' (maximum value is 2147483647 ms or ~24.8 days).";
const TimeWording timeout_wording{"'{k}' expects an integer value (in milliseconds)",
                                  "unexpected character '{c}' in '{k}'", timer_overflow};
const TimeWording argument_wording{"'{k}' expects <time> as argument.",
                                   "unexpected character '{c}' in argument to <{k}>.", timer_overflow};
const TimeWording keepalive_wording{"'{k}' expects an integer value",
                                    "unexpected character '{c}' in argument to <{k}>.", timer_overflow};

namespace {

/// How much of the word a number with its unit takes; what haproxy finds behind that is only worth a warning.
size_t timed_length(std::string_view word) {
  size_t i = 0;
  while (i < word.size() && std::isdigit(static_cast<unsigned char>(word[i]))) ++i;
  if (i == 0) return 0;
  const std::string_view unit = word.substr(i);
  if (unit.starts_with("us") || unit.starts_with("ms")) return i + 2;
  if (!unit.empty() && std::string_view("smhd").find(unit[0]) != std::string_view::npos) return i + 1;
  return i;
}

}  // namespace

base::DurationReading read_duration(Line& line, std::string_view word, std::chrono::microseconds unit) {
  const size_t length = timed_length(word);
  if (length < word.size() && length > 0 && !std::isdigit(static_cast<unsigned char>(word[length - 1]))) {
    line.remark(fmt::format(
        "unexpected character '{}' after the timer value '{}', only (us=microseconds,ms=milliseconds,s=seconds,"
        "m=minutes,h=hours,d=days) are supported. This will be reported as an error in next versions.",
        word[length], word));
    word = word.substr(0, length);
  }
  base::DurationReading reading = base::parse_duration(word, unit);
  if (reading.outcome == base::DurationReading::Outcome::underflow) {
    reading.outcome = base::DurationReading::Outcome::ok;
    reading.value = unit;
  }
  return reading;
}

std::optional<std::chrono::milliseconds> read_argument_time(Line& line, std::string_view named,
                                                            std::string_view keyword) {
  using Outcome = base::DurationReading::Outcome;
  const std::string_view word = line.take();
  const auto reading = read_duration(line, word, std::chrono::milliseconds(1));
  if (reading.outcome == Outcome::ok) return std::chrono::duration_cast<std::chrono::milliseconds>(reading.value);
  line.report(Severity::alert,
              reading.outcome == Outcome::overflow
                  ? fmt::format("parsing [{}]: timer overflow in argument <{}> to <{}>, maximum value is 2147483647 ms "
                                "(~24.8 days).",
                                line.place(), named, keyword)
                  : fmt::format("parsing [{}]: unexpected character '{}' in argument to <{}>.", line.place(),
                                word[reading.bad_at], keyword));
  return {};
}

std::optional<std::chrono::microseconds> read_time(Line& line, std::chrono::microseconds unit,
                                                   const TimeWording& wording) {
  using Outcome = base::DurationReading::Outcome;
  const auto say = [&](const char* text, std::string_view word, std::string_view character, size_t at) {
    line.alert(
        fmt::format(fmt::runtime(text), fmt::arg("k", line.keyword()), fmt::arg("w", word), fmt::arg("c", character)),
        at);
  };
  if (line.peek().empty()) {
    say(wording.missing, "", "", line.position());
    return {};
  }
  const std::string_view word = line.take();
  const auto reading = read_duration(line, word, unit);
  if (reading.outcome == Outcome::ok) return reading.value;
  const size_t at = line.position() - 1;
  if (reading.outcome == Outcome::overflow)
    say(wording.overflow, word, "", at);
  else
    say(wording.unexpected, word, word.substr(reading.bad_at, 1), at);
  return {};
}

long long loose_number(Line& line, std::string_view word) {
  if (!base::parse_integer(word) && !word.empty())
    line.say(Severity::notice, fmt::format("'{}' expects a number; haproxy reads '{}' as {}.", line.keyword(), word,
                                           std::strtoll(std::string(word).c_str(), nullptr, 10)));
  return std::strtoll(std::string(word).c_str(), nullptr, 10);
}

int wrapped_number(std::string_view word) {
  return static_cast<int>(std::strtoll(std::string(word).c_str(), nullptr, 10));
}

std::optional<long long> whole_number(std::string_view text, int base) {
  const std::string word(text);
  char* end = nullptr;
  const long long value = std::strtoll(word.c_str(), &end, base);
  if (word.empty() || *end) return {};
  return value;
}

std::optional<long long> read_integer(Line& line, std::string_view expects) {
  if (line.peek().empty()) {
    line.alert(fmt::format("'{}' expects {}", line.keyword(), expects), line.position());
    return {};
  }
  return loose_number(line, line.take());
}

std::optional<long long> read_strict_integer(Line& line, std::string_view expects) {
  if (line.peek().empty()) {
    line.alert(fmt::format("'{}' expects {}", line.keyword(), expects), line.position());
    return {};
  }
  const std::string word(line.take());
  char* end = nullptr;
  const long long value = std::strtoll(word.c_str(), &end, 0);
  if (!*end) return value;
  line.alert(fmt::format("'{}' : unexpected character '{}' in integer value '{}'", line.keyword(), *end, word));
  return {};
}

std::optional<std::string> read_string(Line& line, std::string_view expects) {
  if (!line.peek().empty()) return std::string(line.take());
  line.alert(fmt::format("'{}' expects {}", line.keyword(), expects), line.position());
  return {};
}

size_t parse_size(std::string_view word, uint32_t& size) {
  uint64_t number = 0;
  size_t at = 0;
  for (; at < word.size() && std::isdigit(static_cast<unsigned char>(word[at])); ++at) {
    const uint64_t next = number * 10 + static_cast<uint64_t>(word[at] - '0');
    if (next > UINT32_MAX) break;
    number = next;
  }
  const size_t unit = at < word.size() ? std::string_view("kKmMgG").find(word[at]) : std::string_view::npos;
  if (unit != std::string_view::npos && (number << (unit / 2 + 1) * 10) <= UINT32_MAX) {
    number <<= (unit / 2 + 1) * 10;
    ++at;
  }
  size = static_cast<uint32_t>(number);
  return at;
}

std::optional<uint32_t> read_id_number(Line& line, std::string_view word, long long value) {
  if (value >= 0 && value < UINT32_MAX) return static_cast<uint32_t>(value);
  line.alert(fmt::format("'{}' : no user or group has the number '{}'.", line.keyword(), word));
  return {};
}

std::string read_numbers(std::string_view text, unsigned most, uint64_t& numbers) {
  constexpr uint64_t every = ~uint64_t{0}, odd = 0x5555'5555'5555'5555;
  if (text == "all" || text == "odd" || text == "even") {
    numbers |= text == "all" ? every : text == "odd" ? odd : ~odd;
    return {};
  }
  const size_t dash = text.find('-');
  const std::string_view first = text.substr(0, dash), last = dash == text.npos ? first : text.substr(dash + 1);
  for (const std::string_view number : {first, last})
    if (number.find_first_not_of("0123456789") != number.npos)
      return fmt::format("'{}' is not a valid number/range.", text);
  int low = wrapped_number(first),
      high = last.empty() && dash != text.npos ? static_cast<int>(most) : wrapped_number(last);
  const auto fits = [most](int number) { return number >= 1 && static_cast<unsigned>(number) <= most; };
  if (fits(low) && fits(high)) {
    if (low > high) std::swap(low, high);
    numbers |= every >> (64 - (high - low + 1)) << (low - 1);
    return {};
  }
  return fmt::format("'{}' is not a valid number/range. It supports numbers from 1 to {}.", text, most);
}

bool is_node_name(std::string_view text) {
  if (text.empty()) return false;
  for (const unsigned char c : text)
    if (!std::isalnum(c) && c != '.' && c != '-' && c != '_') return false;
  return true;
}

char bad_character(std::string_view name) {
  for (const unsigned char c : name)
    if (!std::isalnum(c) && std::string_view("-_.:").find(static_cast<char>(c)) == std::string_view::npos)
      return static_cast<char>(c);
  return '\0';
}

void say_already_specified(Line& line) {
  line.alert(fmt::format("'{}' already specified. Continuing.", line.keyword())).tolerated = true;
}

}  // namespace ddbproxy::config
