// Rows of "timeout <event> <time>" (manual 4.2).
#include <fmt/format.h>

#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Timeouts;

constexpr Keyword<Proxy> rows[] = {
    {.name = "client",
     .syntax = "<timeout>",
     .sections = client_side,
     .parse = time<&Proxy::timeouts, &Timeouts::client>,
     .doc = "Longest inactivity of a client.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "connect",
     .syntax = "<timeout>",
     .sections = server_side,
     .parse = time<&Proxy::timeouts, &Timeouts::connect>,
     .doc = "Longest wait for a connection to a server.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "server",
     .syntax = "<timeout>",
     .sections = server_side,
     .parse = time<&Proxy::timeouts, &Timeouts::server>,
     .doc = "Longest inactivity of a server.",
     .misplaced = Misplaced::timeout_ignored},
};
static_assert(in_order(rows));

void unknown(Line& line, Proxy&) {
  line.alert(fmt::format("'timeout' supports 'client', 'server', 'connect', 'check', 'queue', 'http-keep-alive', "
                         "'http-request', 'tunnel', 'tarpit', 'client-fin' and 'server-fin' (got '{}')",
                         line.peek()),
             line.position());
}

}  // namespace

constinit const Table<Proxy> timeout_table{"timeout", rows, unknown};

}  // namespace ddbproxy::config
