// Rows of "option <name>" (manual 4.2).
#include <fmt/format.h>

#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

void tcplog(Line&, Proxy& proxy) { proxy.log.style = model::LogStyle::tcp; }

constexpr Keyword<Proxy> rows[] = {
    {.name = "dontlognull",
     .syntax = "",
     .sections = client_side,
     .max_args = 0,
     .parse = flag<&Proxy::log, &model::LogSettings::dontlognull>,
     .doc = "Leaves sessions that carried no data out of the log.",
     .prefixes = Prefixes::no_and_default},
    {.name = "tcplog", .syntax = "", .max_args = 0, .parse = tcplog, .doc = "Logs each session in the TCP format."},
};
static_assert(in_order(rows));

void unknown(Line& line, Proxy&) {
  if (line.peek().empty())
    line.report(Severity::alert, fmt::format("parsing [{}]: 'option' expects an option name.", line.place()));
  else
    line.alert(fmt::format("unknown option '{}'", line.peek()), line.position());
}

}  // namespace

constinit const Table<Proxy> option_table{"option", rows, unknown};

}  // namespace ddbproxy::config
