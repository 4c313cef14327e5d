// Lines of a `mailers` section (manual 3.6).
#include <cctype>
#include <fmt/format.h>

#include "base/duration.h"
#include "config/address_reader.h"
#include "config/context.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Mailers;

void mailer(Line& line, Mailers& mailers) {
  const std::string name(line.take()), text(line.take());
  if (name.empty() || text.empty())
    return void(line.alert("'mailer' expects <name> and <addr>[:<port>] as arguments."));
  for (const unsigned char c : name)
    if (!std::isalnum(c) && std::string_view("_:.-").find(static_cast<char>(c)) == std::string_view::npos)
      return void(line.alert(
          fmt::format("character '{}' is not permitted in server name '{}'.", static_cast<char>(c), name), 1));
  AddressReading reading = read_address(text, {.port_required = true}, line.context().environment());
  if (reading && !reading.address.is_ip()) reading.error = "TCP not supported for this address family.";
  if (!reading.error.empty()) return void(line.alert(fmt::format("'mailer {}' : {}", name, reading.error)));
  mailers.mailers.push_back({line.where(1), name, reading.address});
}

void mail_time(Line& line, Mailers& mailers) {
  using Outcome = base::DurationReading::Outcome;
  constexpr auto millisecond = std::chrono::milliseconds(1);
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'timeout mail' expects <time> as argument."));
  const auto reading = base::parse_duration(word, millisecond);
  const auto say = [&](std::string_view text) {
    line.report(Severity::alert, fmt::format("parsing [{}]: {}", line.place(), text));
  };
  switch (reading.outcome) {
    case Outcome::ok:
      mailers.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(reading.value);
      // No time at all would deliver nothing; haproxy 2.6 does not survive its end.
      if (mailers.timeout.count() == 0) mailers.timeout = Mailers().timeout;
      break;
    case Outcome::underflow: mailers.timeout = millisecond; break;
    case Outcome::bad_character:
      return say(fmt::format("unexpected character '{}' in argument to <timeout mail>.", word[reading.bad_at]));
    case Outcome::overflow:
      return say(
          fmt::format("timer overflow in argument <{}> to <timeout mail>, maximum value is 2147483647 ms (~24.8 "
                      "days).",
                      word));
  }
}

constexpr Keyword<Mailers> time_rows[] = {
    {.name = "mail",
     .syntax = "<time>",
     .sections = in_mailers,
     .parse = mail_time,
     .doc = "Time that handing in one mail may take, connecting included; 10 seconds by default."},
};
static_assert(in_order(time_rows));

void unknown_time(Line& line, Mailers&) {
  line.alert(line.peek().empty()
                 ? "'timeout' expects 'mail' and <time> as arguments."
                 : fmt::format("'timeout' expects 'mail' and <time> as arguments got '{}'.", line.peek()),
             line.position());
}
constexpr Table<Mailers> times{"mailers timeout", time_rows, unknown_time};

constexpr Keyword<Mailers> rows[] = {
    {.name = "mailer",
     .syntax = "<name> <address>:<port>",
     .sections = in_mailers,
     .parse = mailer,
     .doc = "A server that mails are handed in at, by SMTP; up to 1000 wait for it in each proxy, and one that it "
            "does not take is not tried again."},
    {.name = "timeout", .syntax = "mail <time>", .sections = in_mailers, .doc = "Times of mails.", .words = &times},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Mailers> mailers_table{"mailers", rows};

}  // namespace ddbproxy::config
