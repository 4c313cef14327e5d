// Rows of "option <name>" that choose how servers are checked (manual 4.2). The last one of a section counts.
#include <fmt/format.h>

#include "base/text.h"
#include "config/check_protocols.h"
#include "config/check_rules.h"
#include "config/context.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::CheckMethod;
using model::Proxy;

constexpr auto side = Misplaced::option_ignored;

void too_many(Line& line) {
  line.alert(fmt::format("'{}' cannot handle unexpected argument '{}'.", line.keyword(), line.peek()), line.position());
}

/// After this option's `method` was set: rules for another script, written before it, are no longer worth a warning.
/// Only a tcp-check that is said again leaves http-check rules what they are.
void claim_rules(model::CheckSettings& checks) {
  const bool again = checks.method == CheckMethod::tcp && checks.rules_of == CheckMethod::tcp;
  if (!again) checks.idle_http_rule = {};
  checks.idle_tcp_rule = {};
  checks.rules_of = checks.method;
}

void tcp_check(Line&, Proxy& proxy) {
  proxy.backend->checks.method = CheckMethod::tcp;
  claim_rules(proxy.backend->checks);
}

void external_check(Line&, Proxy& proxy) {
  if (proxy.backend) proxy.backend->checks.method = CheckMethod::external;
}

template <void (*use)(model::CheckSettings&)>
void protocol(Line&, Proxy& proxy) {
  use(proxy.backend->checks);
  claim_rules(proxy.backend->checks);
}

void spop_check(Line& line, Proxy& proxy) {
  use_spop_check(proxy.backend->checks, line.context().model->global.bufsize);
  claim_rules(proxy.backend->checks);
}

void mysql_check(Line& line, Proxy& proxy) {
  if (line.peek().empty()) {
    use_mysql_check(proxy.backend->checks, "", false);
    return claim_rules(proxy.backend->checks);
  }
  if (line.peek() != "user") {
    line.alert(fmt::format("'option mysql-check' only supports optional values: 'user' (got '{}').", line.peek()),
               line.position());
    return;
  }
  line.take();
  const std::string user(line.take());
  if (user.empty()) {
    line.alert("'option mysql-check user' expects <username> as argument.", line.position());
    return;
  }
  const std::string_view version = line.take();
  if (!version.empty() && version != "post-41" && version != "pre-41") {
    line.alert(fmt::format("keyword 'user' only supports 'post-41' and 'pre-41' (got '{}').", version));
    return;
  }
  if (!line.peek().empty()) return too_many(line);
  use_mysql_check(proxy.backend->checks, user, version == "pre-41");
  claim_rules(proxy.backend->checks);
}

void pgsql_check(Line& line, Proxy& proxy) {
  if (line.take() != "user" || line.peek().empty()) {
    line.alert("'option pgsql-check' expects 'user <username>' as argument.");
    return;
  }
  const std::string user(line.take());
  if (!line.peek().empty()) return too_many(line);
  use_pgsql_check(proxy.backend->checks, user);
  claim_rules(proxy.backend->checks);
}

void smtpchk(Line& line, Proxy& proxy) {
  const std::string_view hello = line.take(), domain = line.take();
  // haproxy takes any other word, or a missing domain, as no words at all.
  const bool known = (hello == "HELO" || hello == "EHLO") && !domain.empty();
  use_smtp_check(proxy.backend->checks, known ? hello : "HELO", known ? domain : "localhost");
  claim_rules(proxy.backend->checks);
}

/// Headers, and a body behind an empty line, that an old habit puts behind the version; false after a report.
bool read_hidden(Line& line, std::string_view text, model::CheckRequest& request) {
  const size_t end = text.find("\r\n\r\n");
  if (end != text.npos) request.body.text = text.substr(end + 4);
  const std::string_view head = text.substr(0, end);
  for (size_t at = 0; at < head.size();) {
    const size_t stop = std::min(head.find("\r\n", at), head.size());
    const std::string_view header = head.substr(at, stop - at);
    const size_t colon = header.find(':');
    if (colon == header.npos || colon == 0) {
      line.alert(fmt::format("'option httpchk' : unable to parse the request '{}\r\n'..", text));
      return false;
    }
    request.headers.emplace_back(header.substr(0, colon),
                                 model::CheckText{.text = std::string(base::trim(header.substr(colon + 1)))});
    at = stop + 2;
  }
  return true;
}

void httpchk(Line& line, Proxy& proxy) {
  model::CheckRequest request;
  const std::string first(line.take()), second(line.take()), version(line.take());
  if (!line.peek().empty()) return too_many(line);
  if (!second.empty()) {
    request.method = first;
    request.uri.text = second;
  } else if (!first.empty()) {
    request.uri.text = first;
  }
  const size_t end = version.find("\r\n");
  if (!version.empty()) request.version = version.substr(0, end);
  if (end != version.npos) {
    if (!read_hidden(line, std::string_view(version).substr(end + 2), request)) return;
    line.report(Severity::warning,
                fmt::format("parsing [{}]: 'option httpchk' : hiding headers or body at the end of the version string "
                            "is deprecated. Please, consider to use 'http-check send' directive instead.",
                            line.place()));
  }
  use_http_check(line, proxy, first.empty() ? std::nullopt : std::optional(std::move(request)));
  claim_rules(proxy.backend->checks);
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "external-check",
     .syntax = "",
     .max_args = 0,
     .parse = external_check,
     .doc = "Checks servers by a program of one's own."},
    {.name = "httpchk",
     .syntax = "[<method>] [<uri>] [<version>]",
     .sections = server_side,
     .parse = httpchk,
     .doc = "Checks servers by an HTTP request.",
     .misplaced = side},
    {.name = "ldap-check",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = protocol<use_ldap_check>,
     .doc = "Checks servers by an anonymous LDAP bind.",
     .misplaced = side},
    {.name = "mysql-check",
     .syntax = "[user <name> [post-41|pre-41]]",
     .sections = server_side,
     .parse = mysql_check,
     .doc = "Checks servers by a MySQL handshake.",
     .misplaced = side},
    {.name = "pgsql-check",
     .syntax = "user <name>",
     .sections = server_side,
     .parse = pgsql_check,
     .doc = "Checks servers by a PostgreSQL start-up message.",
     .misplaced = side},
    {.name = "redis-check",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = protocol<use_redis_check>,
     .doc = "Checks servers by a Redis PING.",
     .misplaced = side},
    {.name = "smtpchk",
     .syntax = "[<hello> <domain>]",
     .sections = server_side,
     .max_args = 2,
     .parse = smtpchk,
     .doc = "Checks servers by an SMTP greeting.",
     .misplaced = side},
    {.name = "spop-check",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = spop_check,
     .doc = "Checks servers that speak the stream processing offload protocol by a hello.",
     .misplaced = side},
    {.name = "ssl-hello-chk",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = protocol<use_ssl_hello_check>,
     .doc = "Checks servers by a TLS hello.",
     .misplaced = side},
    {.name = "tcp-check",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = tcp_check,
     .doc = "Checks servers by a script of tcp-check rules; without any, by a connection.",
     .misplaced = side},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> check_option_table{"option", rows, nullptr, &http_option_table};

}  // namespace ddbproxy::config
