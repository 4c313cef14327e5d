#include "log/received.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <iterator>

#include "base/calendar.h"
#include "sample/log_date.h"

namespace ddbproxy::log {
namespace {

using Format = model::LogTarget::Format;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `shape` has 0 for a digit and itself for the rest; a blank may stand for a digit where it has '_'.
bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), [](char c, char s) {
           return s == '0' ? is_digit(c) : s == '_' ? is_digit(c) || c == ' ' : c == s;
         });
}

/// The text up to the next blank, which goes, too; false, and nothing taken, where there is none.
bool take_word(std::string_view& rest, std::string_view& word) {
  const size_t end = rest.find(' ');
  if (end == rest.npos || end == 0) return false;
  word = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

/// The same of a field of RFC 5424, of which "-" says nothing.
bool take_field(std::string_view& rest, std::string_view& field) {
  if (!take_word(rest, field)) return false;
  if (field == "-") field = {};
  return true;
}

/// "<14>"; any number of digits.
bool take_priority(std::string_view& rest, int& priority) {
  if (!rest.starts_with('<')) return false;
  size_t at = 1;
  unsigned value = 0;
  for (; at < rest.size() && is_digit(rest[at]); ++at)
    value = (value * 10 + static_cast<unsigned>(rest[at] - '0')) % 8'000;
  if (at == rest.size() || rest[at] != '>') return false;
  priority = static_cast<int>(value);
  rest.remove_prefix(at + 1);
  return true;
}

bool is_time(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  if (!has_shape(text.substr(0, shape.size()), shape)) return false;
  text.remove_prefix(shape.size());
  if (text.starts_with('.')) text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
  return text == "Z" || has_shape(text, "+00:00") || has_shape(text, "-00:00");
}

/// "-", or elements in brackets, each up to the first that closes one, as haproxy reads them.
bool take_data(std::string_view& rest, std::string_view& data) {
  if (!rest.starts_with('[')) return take_field(rest, data) && data.empty();
  size_t at = 0;
  while (at < rest.size() && rest[at] == '[') {
    at = rest.find(']', at);
    if (at == rest.npos) return false;
    ++at;
  }
  if (at == rest.size() || rest[at] != ' ') return false;
  data = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return true;
}

bool read_rfc5424(std::string_view rest, Received& message) {
  if (!rest.starts_with("1 ")) return false;
  rest.remove_prefix(2);
  Received read = message;
  if (!take_word(rest, read.time) || (read.time != "-" && !is_time(read.time))) return false;
  if (!take_field(rest, read.host) || !take_field(rest, read.tag) || !take_field(rest, read.pid) ||
      !take_field(rest, read.id) || !take_data(rest, read.data))
    return false;
  read.header = Received::Header::rfc5424;
  read.text = rest;
  message = read;
  return true;
}

/// "tag: ", "tag[pid]: "; what is none of them stays.
void take_tag(std::string_view& rest, Received& message) {
  const size_t end = rest.find_first_of(" :[");
  if (end == rest.npos || end == 0) return;
  const std::string_view tag = rest.substr(0, end);
  std::string_view behind = rest.substr(end), pid;
  if (behind.starts_with('[')) {
    const size_t close = behind.find_first_of("] ");
    if (close == behind.npos || behind[close] != ']') return;
    pid = behind.substr(1, close - 1);
    behind.remove_prefix(close + 1);
  }
  if (!behind.starts_with(": ")) return;
  message.tag = tag;
  message.pid = pid;
  rest = behind.substr(2);
}

bool read_rfc3164(std::string_view rest, Received& message) {
  constexpr std::string_view shape = "_0 00:00:00";
  if (rest.size() < 16 || std::ranges::find(base::month_names, rest.substr(0, 3)) == base::month_names.end() ||
      rest[3] != ' ' || !has_shape(rest.substr(4, shape.size()), shape) || rest[15] != ' ')
    return false;
  const std::string_view time = rest.substr(0, 15);
  rest.remove_prefix(16);
  std::string_view host;
  if (!take_word(rest, host)) return false;
  message.header = Received::Header::rfc3164;
  message.time = time;
  message.host = host;
  take_tag(rest, message);
  message.text = rest;
  return true;
}

/// "2026-11-29T12:34:56-00:00": the year is this one, or the one before when the month is yet to come; its zone is not
/// known.
void append_iso_of_rfc3164(std::string& out, std::string_view time, base::WallTime now) {
  const time_t seconds = base::unix_seconds(now);
  tm local{};
  localtime_r(&seconds, &local);
  const auto month =
      static_cast<int>(std::ranges::find(base::month_names, time.substr(0, 3)) - base::month_names.begin());
  const int year = local.tm_year + 1900 - (month > local.tm_mon ? 1 : 0);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{}{}T{}-00:00", year, month + 1, time[4] == ' ' ? '0' : time[4],
                 time[5], time.substr(7, 8));
}

void append_iso(std::string& out, const Received& message, base::WallTime now) {
  switch (message.header) {
    case Received::Header::rfc5424:
      if (message.time == "-") return sample::append_iso_date(out, now);
      out += message.time;
      return;
    case Received::Header::rfc3164: return append_iso_of_rfc3164(out, message.time, now);
    case Received::Header::none:
    case Received::Header::priority: return sample::append_iso_date(out, now);
  }
}

void append_syslog_date(std::string& out, const Received& message, base::WallTime now) {
  if (message.header == Received::Header::rfc3164) {
    out += message.time;
    return;
  }
  if (message.header == Received::Header::rfc5424 && message.time != "-") {
    const auto month = static_cast<size_t>((message.time[5] - '0') * 10 + message.time[6] - '0');
    if (month >= 1 && month <= base::month_names.size()) {
      const char ten = message.time[8];
      fmt::format_to(std::back_inserter(out), "{} {}{} {}", base::month_names[month - 1], ten == '0' ? ' ' : ten,
                     message.time[9], message.time.substr(11, 8));
      return;
    }
  }
  out += sample::syslog_date(now);
}

void append_tag(std::string& out, const Received& message) {
  if (message.tag.empty()) return;
  out += message.tag;
  if (!message.pid.empty()) out.append("[").append(message.pid).append("]");
  out += ": ";
}

void append_rfc3164(std::string& out, const Received& message, std::string_view host, base::WallTime now) {
  append_syslog_date(out, message, now);
  out += ' ';
  if (!host.empty()) out.append(host) += ' ';
  append_tag(out, message);
}

void append_rfc5424(std::string& out, const Received& message, base::WallTime now) {
  out += "1 ";
  if (message.time == "-")
    out += '-';
  else
    append_iso(out, message, now);
  for (const std::string_view field : {message.host, message.tag, message.pid, message.id, message.data})
    out.append(" ").append(field.empty() ? "-" : field);
  out += ' ';
}

/// As it came, as far as haproxy remembers that.
Format own_format(const Received& message) {
  if (!message.host.empty()) return message.header == Received::Header::rfc5424 ? Format::rfc5424 : Format::rfc3164;
  if (!message.tag.empty()) return Format::local;
  return message.has_priority() ? Format::priority : Format::raw;
}

}  // namespace

Received read_received(std::string_view message) {
  while (message.ends_with('\n') || message.ends_with('\0')) message.remove_suffix(1);
  Received received;
  std::string_view rest = message;
  if (take_priority(rest, received.priority)) {
    received.header = Received::Header::priority;
    received.text = rest;
    if (!read_rfc5424(rest, received)) read_rfc3164(rest, received);
  } else {
    received.text = message;
  }
  return received;
}

void append_received(std::string& out, const model::LogTarget& target, const Received& message, base::WallTime now) {
  const int level = std::max(message.level(), target.minimum_level);
  const int facility = message.has_priority() ? message.priority & ~7 : target.facility * 8;
  const auto priority = [&](int value) { fmt::format_to(std::back_inserter(out), "<{}>", value % 1000); };
  const size_t before = out.size();
  switch (target.format == Format::unset ? own_format(message) : target.format) {
    case Format::rfc3164:
      priority(facility + level);
      append_rfc3164(out, message, message.host.empty() ? "localhost" : message.host, now);
      break;
    case Format::local:
      priority(facility + level);
      append_rfc3164(out, message, {}, now);
      break;
    case Format::rfc5424:
      priority(facility + level);
      append_rfc5424(out, message, now);
      break;
    case Format::priority: priority(facility + level); break;
    case Format::short_: priority(level); break;
    case Format::timed:
      priority(level);
      append_iso(out, message, now);
      out += ' ';
      break;
    case Format::iso:
      append_iso(out, message, now);
      out += ' ';
      break;
    case Format::raw:
    case Format::unset: break;
  }
  out += message.text;
  if (out.size() - before > target.length) out.resize(before + target.length);
}

}  // namespace ddbproxy::log
