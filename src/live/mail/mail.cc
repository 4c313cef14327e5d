#include "live/mail/mail.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>

#include "base/calendar.h"

namespace ddbproxy::live {
namespace {

/// RFC 5322, with the zone's name behind it; whatever the locale.
std::string date(base::WallTime now) {
  const time_t seconds = base::unix_seconds(now);
  tm local{};
  localtime_r(&seconds, &local);
  const long minutes = local.tm_gmtoff / 60;
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} {}{:02}{:02} ({})",
                     base::day_names[static_cast<size_t>(local.tm_wday)], local.tm_mday,
                     base::month_names[static_cast<size_t>(local.tm_mon)], local.tm_year + 1900, local.tm_hour,
                     local.tm_min, local.tm_sec, minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                     std::abs(minutes) % 60, local.tm_zone);
}

/// What a server has said of itself may stand in it, and shall not become a header.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return text;
}

std::string hello(const Mail& mail, base::WallTime) { return fmt::format("HELO {}\r\n", mail.host_name); }
std::string sender(const Mail& mail, base::WallTime) { return fmt::format("MAIL FROM:<{}>\r\n", mail.from); }
std::string receiver(const Mail& mail, base::WallTime) { return fmt::format("RCPT TO:<{}>\r\n", mail.to); }
std::string data(const Mail&, base::WallTime) { return "DATA\r\n"; }
std::string content(const Mail& mail, base::WallTime now) {
  const std::string text = one_line(mail.text);
  return fmt::format("From: {}\r\nTo: {}\r\nDate: {}\r\nSubject: [HAProxy Alert] {}\r\n\r\n{}\r\n\r\n.\r\n", mail.from,
                     mail.to, date(now), text, text);
}
std::string farewell(const Mail&, base::WallTime) { return "QUIT\r\n"; }

}  // namespace

const std::array<MailStep, 7> mail_steps{{{"220 ", hello},
                                          {"250 ", sender},
                                          {"250 ", receiver},
                                          {"250 ", data},
                                          {"354 ", content},
                                          {"250 ", farewell},
                                          {"221 ", nullptr}}};

MailAnswer judge_mail_answer(std::string_view answer, std::string_view awaited) {
  if (answer.size() < awaited.size()) return MailAnswer::incomplete;
  return answer.find(awaited) != answer.npos ? MailAnswer::good : MailAnswer::bad;
}

}  // namespace ddbproxy::live
