// Converters of moments, given as numbers since 1970.
#include <ctime>
#include <fmt/format.h>

#include "base/calendar.h"
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

// Sums of dates wrap around as haproxy's do.
int64_t sum(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }

/// A second that the C library can tell the date of; a negative one becomes one of the far future, as haproxy's.
time_t within_calendar(int64_t seconds) { return seconds & 0x007fffffffffffff; }

int64_t units_in_second(const std::string& unit) { return unit == "ms" ? 1000 : unit == "us" ? 1'000'000 : 1; }

std::string check_http_date(std::span<Argument> arguments, Library&) {
  const Argument& unit = arguments[1];
  if (!given(unit) || unit.text == "s" || unit.text == "ms" || unit.text == "us") return {};
  return fmt::format("expects 's', 'ms' or 'us', got '{}'", unit.text);
}

bool http_date(Arguments arguments, Value& value, Context& context) {
  const int64_t moment = sum(value.number, arguments[0].number), units = units_in_second(arguments[1].text);
  const time_t second = within_calendar(moment / units);
  tm t{};
  if (!gmtime_r(&second, &t)) return false;
  char* const text = context.scratch.take(80);
  char* end = fmt::format_to(
      text, "{}, {:02} {} {:04} {:02}:{:02}:{:02}", base::day_names[static_cast<size_t>(t.tm_wday)], t.tm_mday,
      base::month_names[static_cast<size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  // Neither with zeros in front nor without a sign: that is what haproxy writes.
  if (units > 1) end = fmt::format_to(end, ".{}", moment % units);
  end = fmt::format_to(end, " GMT");
  const auto size = static_cast<size_t>(end - text);
  context.scratch.trim(text, size);
  value.set_string({text, size});
  return true;
}

template <tm* (*break_down)(const time_t*, tm*)>
bool formatted_time(Arguments arguments, Value& value, Context& context) {
  const time_t second = sum(within_calendar(value.number), arguments[1].number);
  tm t{};
  if (!break_down(&second, &t)) return false;
  const size_t room = context.scratch.longest();
  char* const text = context.scratch.take(room);
  const size_t size = strftime(text, room, arguments[0].text.c_str(), &t);
  context.scratch.trim(text, size);
  value.set_string({text, size});
  return true;
}

constexpr auto format = ArgumentKinds::of("string[,integer]");

constexpr Converter rows[] = {
    {"http_date", ArgumentKinds::of("[integer,string]"), integer, string, http_date, check_http_date, true,
     "The date as HTTP writes it, after adding an offset; both in s, ms or us."},
    {"ltime", format, integer, string, formatted_time<localtime_r>, nullptr, true,
     "The local time in a format of strftime(3), after adding an offset in seconds."},
    {"utime", format, integer, string, formatted_time<gmtime_r>, nullptr, true,
     "The time in UTC in a format of strftime(3), after adding an offset in seconds."},
};

}  // namespace

constinit const Rows time_rows = rows;

}  // namespace ddbproxy::sample
