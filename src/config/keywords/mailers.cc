// Lines of a `mailers` section (manual 3.6).
#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/context.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Mailers;

void mailer(Line& line, Mailers& mailers) {
  const std::string name(line.take()), text(line.take());
  if (name.empty() || text.empty())
    return void(line.alert("'mailer' expects <name> and <addr>[:<port>] as arguments."));
  if (const char c = bad_character(name))
    return void(line.alert(fmt::format("character '{}' is not permitted in server name '{}'.", c, name), 1));
  AddressReading reading = read_address(text, {.port_required = true}, line.context());
  if (reading && !reading.address.is_ip()) reading.error = "TCP not supported for this address family.";
  if (!reading.error.empty()) return void(line.alert(fmt::format("'mailer {}' : {}", name, reading.error)));
  mailers.mailers.push_back({line.where(1), name, reading.address});
}

void mail_time(Line& line, Mailers& mailers) {
  if (line.peek().empty()) return void(line.alert("'timeout mail' expects <time> as argument."));
  const std::string named(line.peek());
  const auto value = read_argument_time(line, named, "timeout mail");
  if (!value) return;
  mailers.timeout = *value;
  if (value->count()) return;
  // No time at all would deliver nothing; haproxy 2.6 does not survive its end.
  mailers.timeout = Mailers().timeout;
  line.say(Severity::notice, "'timeout mail' of 0 is taken for the 10 seconds that it is by default.");
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
