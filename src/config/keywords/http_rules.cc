// Rows of the rules on messages: http-request, http-response, http-after-response (manual 4.2).
#include "config/http_rule_reader.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

template <Rulesets ruleset>
void rule(Line& line, Proxy& proxy) {
  read_http_rule(line, proxy, ruleset);
}

constexpr auto http = Needs::http;
constexpr Keyword<Proxy> rows[] = {
    {.name = "http-after-response",
     .syntax = "<action> [{if|unless} <condition>]",
     .mode = http,
     .parse = rule<of_http_after_response>,
     .doc = "Rules on every response, those made by the proxy itself, too.",
     .rulesets = of_http_after_response},
    {.name = "http-request",
     .syntax = "<action> [{if|unless} <condition>]",
     .mode = http,
     .parse = rule<of_http_request>,
     .doc = "Rules on each request.",
     .rulesets = of_http_request},
    {.name = "http-response",
     .syntax = "<action> [{if|unless} <condition>]",
     .mode = http,
     .parse = rule<of_http_response>,
     .doc = "Rules on each response of a server.",
     .rulesets = of_http_response},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> http_rules_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
