// `email-alert` of proxies (manual 4.2). It has an effect where sender, receiver and mailers are all given.
#include <algorithm>
#include <fmt/format.h>

#include "config/dispatch.h"
#include "config/log_reader.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::EmailAlerts;
using model::Proxy;

EmailAlerts& alerts(Line& line, Proxy& proxy) {
  EmailAlerts& all = proxy.email_alerts;
  if (!all.where.file) all.where = line.where(0);
  return all;
}

/// An empty word, or none, is a value as good as any.
template <std::string EmailAlerts::*text>
void word(Line& line, Proxy& proxy) {
  alerts(line, proxy).*text = line.take();
}

template <std::string EmailAlerts::*text, bool EmailAlerts::*given>
void word(Line& line, Proxy& proxy) {
  word<text>(line, proxy);
  proxy.email_alerts.*given = true;
}

void level(Line& line, Proxy& proxy) {
  const std::string name(line.take());
  const auto found = std::ranges::find(log_levels, name);
  if (found != log_levels.end())
    alerts(line, proxy).level = static_cast<int>(found - log_levels.begin());
  else  // the words stand so in haproxy
    suggest_of(line.alert(fmt::format("unknown log level 'level' after '{}'", name)), name, log_levels);
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "from",
     .syntax = "<address>",
     .parse = word<&EmailAlerts::from, &EmailAlerts::has_from>,
     .doc = "Sender of mails about servers."},
    {.name = "level",
     .syntax = "<level>",
     .parse = level,
     .doc = "Least grave level of the lines about servers that are mailed; alert by default: that a server is down."},
    {.name = "mailers",
     .syntax = "<section>",
     .parse = word<&EmailAlerts::mailers, &EmailAlerts::has_mailers>,
     .doc = "The mail servers to use; each gets every mail, and only once."},
    {.name = "myhostname",
     .syntax = "<name>",
     .parse = word<&EmailAlerts::host_name>,
     .doc = "Name that mail servers are told; the host's by default."},
    {.name = "to",
     .syntax = "<address>",
     .parse = word<&EmailAlerts::to, &EmailAlerts::has_to>,
     .doc = "Receiver of mails about servers."},
};
static_assert(in_order(rows));

void unknown(Line& line, Proxy&) {
  check_prefix(line, Prefixes::none);
  line.alert(line.peek().empty() ? "missing argument after 'email-alert'."
                                 : fmt::format("email-alert: unknown argument '{}'.", line.peek()),
             line.position());
}
constexpr Table<Proxy> words{"email-alert", rows, unknown};

constexpr Keyword<Proxy> email_rows[] = {
    {.name = "email-alert",
     .syntax = "<setting> <value>",
     .doc = "Mails about servers that change state.",
     .words = &words},
};
static_assert(in_order(email_rows));

}  // namespace

constinit const Table<Proxy> email_alert_table{"email-alert", email_rows};

}  // namespace ddbproxy::config
