#include "stats/html.h"

#include <array>
#include <ctime>
#include <fmt/format.h>

namespace ddbproxy::stats {

void write_escaped(std::string& out, std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
}

void write_grouped(std::string& out, uint64_t number) {
  const std::string digits = fmt::to_string(number);
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += "&#8239;";
    out += digits[i];
  }
}

void write_bytes(std::string& out, uint64_t bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) {
    fmt::format_to(std::back_inserter(out), "{}&nbsp;B", bytes);
    return;
  }
  double amount = static_cast<double>(bytes);
  size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < units.size()) {
    amount /= 1000;
    ++unit;
  }
  fmt::format_to(std::back_inserter(out), "{:.{}f}&nbsp;{}", amount, amount < 99.95 ? 1 : 0, units[unit]);
}

void write_age(std::string& out, int64_t seconds) {
  auto to = std::back_inserter(out);
  if (seconds < 60) {
    fmt::format_to(to, "{}s", seconds);
  } else if (seconds < 3600) {
    fmt::format_to(to, "{}m&nbsp;{}s", seconds / 60, seconds % 60);
  } else if (seconds < 86400) {
    fmt::format_to(to, "{}h&nbsp;{}m", seconds / 3600, seconds / 60 % 60);
  } else {
    fmt::format_to(to, "{}d&nbsp;{}h", seconds / 86400, seconds / 3600 % 24);
  }
}

void write_moment(std::string& out, int64_t seconds) {
  const time_t when = seconds;
  tm utc{};
  if (!seconds || !gmtime_r(&when, &utc)) {
    out += "never";
    return;
  }
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", utc.tm_year + 1900, utc.tm_mon + 1,
                 utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace ddbproxy::stats
