// Rows of "timeout <event> <time>" (manual 4.2).
#include <fmt/format.h>

#include "config/context.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Timeouts;

template <model::Duration Timeouts::*event>
void timeout(Line& line, Proxy& proxy) {
  const auto value = read_time(line, std::chrono::milliseconds(1), timeout_wording);
  if (!value) return;
  if (!line.peek().empty()) {
    line.alert(fmt::format("'{}' : unexpected extra argument '{}' after value '{}'.", line.keyword(), line.peek(),
                           line.word(line.position() - 1)),
               line.position());
    return;
  }
  model::Duration& member = proxy.timeouts.*event;
  const Context& context = line.context();
  if (member && context.section != in_defaults && member != context.draft->inherited.*event)
    line.warning(fmt::format("overwriting '{}' which was already specified", line.keyword()));
  member = std::chrono::duration_cast<model::Milliseconds>(*value);
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "check",
     .syntax = "<time>",
     .sections = server_side,
     .parse = timeout<&Timeouts::check>,
     .doc = "Longest wait for the answer of a health check once it is connected.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "client",
     .syntax = "<time>",
     .sections = client_side,
     .parse = timeout<&Timeouts::client>,
     .doc = "Longest inactivity of a client.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "client-fin",
     .syntax = "<time>",
     .sections = client_side,
     .parse = timeout<&Timeouts::client_fin>,
     .doc = "Longest inactivity of a client once its connection is half closed.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "connect",
     .syntax = "<time>",
     .sections = server_side,
     .parse = timeout<&Timeouts::connect>,
     .doc = "Longest wait for a connection to a server.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "http-keep-alive",
     .syntax = "<time>",
     .mode = Needs::http,
     .parse = timeout<&Timeouts::http_keep_alive>,
     .doc = "Longest wait for the next request on a kept connection."},
    {.name = "http-request",
     .syntax = "<time>",
     .mode = Needs::http,
     .parse = timeout<&Timeouts::http_request>,
     .doc = "Longest wait for a whole request header."},
    {.name = "queue",
     .syntax = "<time>",
     .sections = server_side,
     .parse = timeout<&Timeouts::queue>,
     .doc = "Longest wait in a queue for a free place at a server.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "server",
     .syntax = "<time>",
     .sections = server_side,
     .parse = timeout<&Timeouts::server>,
     .doc = "Longest inactivity of a server.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "server-fin",
     .syntax = "<time>",
     .sections = server_side,
     .parse = timeout<&Timeouts::server_fin>,
     .doc = "Longest inactivity of a server once its connection is half closed.",
     .misplaced = Misplaced::timeout_ignored},
    {.name = "tarpit",
     .syntax = "<time>",
     .mode = Needs::http,
     .parse = timeout<&Timeouts::tarpit>,
     .doc = "How long a tarpitted request is held; no rule that tarpits is supported yet."},
    {.name = "tunnel",
     .syntax = "<time>",
     .sections = server_side,
     .parse = timeout<&Timeouts::tunnel>,
     .doc = "Longest inactivity both ways once data has passed both ways.",
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
