// Rows of "option <name>" that only an HTTP proxy carries out (manual 4.2).
#include <fmt/format.h>

#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

constexpr auto both = Prefixes::no_and_default;
constexpr auto side = Misplaced::option_ignored;
constexpr auto http = Needs::http;
constexpr auto planned = Support::planned;

void forwardfor(Line& line, Proxy&) {
  while (!line.peek().empty()) {
    const std::string_view word = line.take();
    if (word == "if-none") continue;
    if ((word == "except" || word == "header") && !line.take().empty()) continue;
    line.alert(fmt::format("'{}' only supports optional values: 'except', 'header' and 'if-none'.", line.keyword()));
    return;
  }
}

void originalto(Line& line, Proxy&) {
  while (!line.peek().empty()) {
    const std::string_view word = line.take();
    if ((word == "except" || word == "header") && !line.take().empty()) continue;
    line.alert(fmt::format("'{}' only supports optional values: 'except' and 'header'.", line.keyword()));
    return;
  }
}

void restrict_names(Line& line, Proxy&) {
  const std::string_view word = line.take();
  if (word == "preserve" || word == "reject" || word == "delete") return;
  line.alert(fmt::format(
      "{} parameter{}. option 'http-restrict-req-hdr-names' expects 'preserve', 'reject' or 'delete' option.",
      word.empty() ? "missing" : "invalid", word.empty() ? "" : fmt::format(" '{}'", word)));
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "accept-invalid-http-request",
     .syntax = "",
     .sections = client_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Relaxes the checks of HTTP requests.",
     .prefixes = both,
     .misplaced = side},
    {.name = "accept-invalid-http-response",
     .syntax = "",
     .sections = server_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Relaxes the checks of HTTP responses.",
     .prefixes = both,
     .misplaced = side},
    {.name = "checkcache",
     .syntax = "",
     .sections = server_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Blocks responses that could be cached and set a cookie.",
     .prefixes = both,
     .misplaced = side},
    {.name = "disable-h2-upgrade",
     .syntax = "",
     .sections = client_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Refuses to change from HTTP/1 to HTTP/2 on a connection.",
     .prefixes = both,
     .misplaced = side},
    {.name = "forwardfor",
     .syntax = "[except <network>] [header <name>] [if-none]",
     .mode = http,
     .support = planned,
     .parse = forwardfor,
     .doc = "Adds the client's address to requests as X-Forwarded-For."},
    {.name = "h1-case-adjust-bogus-client",
     .syntax = "",
     .sections = client_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Writes header names in the case that odd clients want.",
     .prefixes = both,
     .misplaced = side},
    {.name = "h1-case-adjust-bogus-server",
     .syntax = "",
     .sections = server_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Writes header names in the case that odd servers want.",
     .prefixes = both,
     .misplaced = side},
    {.name = "http-buffer-request",
     .syntax = "",
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Waits for a request's body before going on.",
     .prefixes = both},
    {.name = "http-ignore-probes",
     .syntax = "",
     .sections = client_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Says nothing of connections that never sent a request.",
     .prefixes = both,
     .misplaced = side},
    {.name = "http-keep-alive",
     .syntax = "",
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Keeps connections to both sides for further requests.",
     .prefixes = both},
    {.name = "http-no-delay",
     .syntax = "",
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Sends each piece of a message at once.",
     .prefixes = both},
    {.name = "http-pretend-keepalive",
     .syntax = "",
     .sections = server_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Announces keep-alive to servers even where connections are closed.",
     .prefixes = both,
     .misplaced = side},
    {.name = "http-restrict-req-hdr-names",
     .syntax = "{preserve|reject|delete}",
     .mode = http,
     .support = planned,
     .parse = restrict_names,
     .doc = "What becomes of requests with odd characters in header names."},
    {.name = "http-server-close",
     .syntax = "",
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Closes the server's side after each response and keeps the client's.",
     .prefixes = both},
    {.name = "http-use-proxy-header",
     .syntax = "",
     .sections = client_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Reads Proxy-Connection in the place of Connection.",
     .prefixes = both,
     .misplaced = side},
    {.name = "httpclose",
     .syntax = "",
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Closes both sides after each response.",
     .prefixes = both},
    {.name = "idle-close-on-response",
     .syntax = "",
     .sections = client_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Closes idle clients of a stopping process only after a response.",
     .prefixes = both,
     .misplaced = side},
    {.name = "originalto",
     .syntax = "[except <network>] [header <name>]",
     .mode = http,
     .support = planned,
     .parse = originalto,
     .doc = "Adds the address that the client asked for as X-Original-To."},
    {.name = "prefer-last-server",
     .syntax = "",
     .sections = server_side,
     .mode = http,
     .max_args = 0,
     .support = planned,
     .doc = "Sends a kept client back to the server it had.",
     .prefixes = both,
     .misplaced = side},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> http_option_table{"option", rows, nullptr, &obsolete_option_table};

}  // namespace ddbproxy::config
