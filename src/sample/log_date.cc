// Formats each second once a thread and cuts the dates out of it.
#include "sample/log_date.h"

#include <ctime>
#include <fmt/format.h>
#include <limits>

#include "base/calendar.h"

namespace ddbproxy::sample {
namespace {

int64_t whole_seconds(base::WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

tm broken_down(int64_t seconds, bool local) {
  const time_t clock = seconds;
  tm result{};
  local ? localtime_r(&clock, &result) : gmtime_r(&clock, &result);
  return result;
}

/// A text of fixed size, made again when the second changes.
template <size_t size>
class CachedSecond {
 public:
  template <class Format>
  std::string_view get(int64_t second, Format format) {
    if (second != second_) {
      length_ = format(second, text_) - text_;
      second_ = second;
    }
    return {text_, static_cast<size_t>(length_)};
  }

 private:
  int64_t second_ = std::numeric_limits<int64_t>::min();
  std::ptrdiff_t length_ = 0;
  char text_[size];
};

char* write_clf(char* out, const tm& t) {
  return fmt::format_to(out, "{:02}/{}/{:04}:{:02}:{:02}:{:02}", t.tm_mday,
                        base::month_names[static_cast<size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min,
                        t.tm_sec);
}

char* write_offset(char* out, const tm& t, const char* separator) {
  const long minutes = (t.tm_gmtoff < 0 ? -t.tm_gmtoff : t.tm_gmtoff) / 60;
  return fmt::format_to(out, "{}{:02}{}{:02}", t.tm_gmtoff < 0 ? '-' : '+', minutes / 60, separator, minutes % 60);
}

}  // namespace

std::string_view local_date(base::WallTime time) {
  thread_local CachedSecond<64> cache;
  return cache.get(whole_seconds(time),
                   [](int64_t second, char* out) { return write_clf(out, broken_down(second, true)); });
}

std::string_view gmt_date(base::WallTime time) {
  thread_local CachedSecond<64> cache;
  return cache.get(whole_seconds(time), [](int64_t second, char* out) {
    return fmt::format_to(write_clf(out, broken_down(second, false)), " +0000");
  });
}

std::string_view local_offset(base::WallTime time) {
  thread_local CachedSecond<16> cache;
  return cache.get(whole_seconds(time),
                   [](int64_t second, char* out) { return write_offset(out, broken_down(second, true), ""); });
}

std::string_view syslog_date(base::WallTime time) {
  thread_local CachedSecond<64> cache;
  return cache.get(whole_seconds(time), [](int64_t second, char* out) {
    const tm t = broken_down(second, true);
    return fmt::format_to(out, "{} {:2} {:02}:{:02}:{:02}", base::month_names[static_cast<size_t>(t.tm_mon)], t.tm_mday,
                          t.tm_hour, t.tm_min, t.tm_sec);
  });
}

void append_iso_date(std::string& out, base::WallTime time) {
  struct Ends {
    CachedSecond<64> date;
    CachedSecond<16> offset;
  };
  thread_local Ends cache;
  const int64_t second = whole_seconds(time);
  out += cache.date.get(second, [](int64_t s, char* text) {
    const tm t = broken_down(s, true);
    return fmt::format_to(text, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                          t.tm_hour, t.tm_min, t.tm_sec);
  });
  fmt::format_to(std::back_inserter(out), ".{:06}", microseconds(time));
  out += cache.offset.get(second, [](int64_t s, char* text) { return write_offset(text, broken_down(s, true), ":"); });
}

int microseconds(base::WallTime time) {
  const auto within = time.time_since_epoch() - std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  return static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(within).count());
}

}  // namespace ddbproxy::sample
