// Words of TLS on `bind` and `server` lines (manual 5): known, and refused until ddbproxy speaks TLS.
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Bind;
using model::Server;

constexpr auto planned = Support::planned;

/// Words that only shape a TLS connection that nothing else can ask for yet.
void idle(Line&, Server&) {}

constexpr Keyword<Bind> bind_rows[] = {
    {.name = "allow-0rtt", .syntax = "", .support = planned, .doc = "Accept TLS 1.3 early data."},
    {.name = "alpn", .syntax = "<protocols>", .support = planned, .doc = "ALPN protocols offered."},
    {.name = "ca-file", .syntax = "<file>", .support = planned, .doc = "CA used to verify client certificates."},
    {.name = "ca-ignore-err",
     .syntax = "<list>",
     .support = planned,
     .doc = "Client chain errors tolerated above depth 0."},
    {.name = "ca-sign-file", .syntax = "<file>", .support = planned, .doc = "CA used to forge certificates."},
    {.name = "ca-sign-pass", .syntax = "<text>", .support = planned, .doc = "Passphrase of the forging key."},
    {.name = "ca-verify-file", .syntax = "<file>", .support = planned, .doc = "CA used to verify but not announced."},
    {.name = "ciphers", .syntax = "<ciphers>", .support = planned, .doc = "TLS<=1.2 cipher list."},
    {.name = "ciphersuites", .syntax = "<suites>", .support = planned, .doc = "TLS 1.3 suites."},
    {.name = "crl-file", .syntax = "<file>", .support = planned, .doc = "Revocation list."},
    {.name = "crt", .syntax = "<file>", .support = planned, .doc = "Certificate bundle (file or directory)."},
    {.name = "crt-ignore-err", .syntax = "<list>", .support = planned, .doc = "Client leaf errors tolerated."},
    {.name = "crt-list",
     .syntax = "<file>",
     .support = planned,
     .doc = "File listing certificates with options and SNI filters."},
    {.name = "curves", .syntax = "<curves>", .support = planned, .doc = "Elliptic curves allowed."},
    {.name = "ecdhe", .syntax = "<curve>", .support = planned, .doc = "Single named ECDHE curve."},
    {.name = "force-sslv3", .syntax = "", .support = planned, .doc = "Only SSLv3."},
    {.name = "force-tlsv10", .syntax = "", .support = planned, .doc = "Only TLS 1.0."},
    {.name = "force-tlsv11", .syntax = "", .support = planned, .doc = "Only TLS 1.1."},
    {.name = "force-tlsv12", .syntax = "", .support = planned, .doc = "Only TLS 1.2."},
    {.name = "force-tlsv13", .syntax = "", .support = planned, .doc = "Only TLS 1.3."},
    {.name = "generate-certificates", .syntax = "", .support = planned, .doc = "Forge certificates by SNI on the fly."},
    {.name = "no-ca-names", .syntax = "", .support = planned, .doc = "Do not send CA names."},
    {.name = "no-sslv3", .syntax = "", .support = planned, .doc = "Disable SSLv3."},
    {.name = "no-tls-tickets", .syntax = "", .support = planned, .doc = "Disable session tickets."},
    {.name = "no-tlsv10", .syntax = "", .support = planned, .doc = "Disable TLS 1.0."},
    {.name = "no-tlsv11", .syntax = "", .support = planned, .doc = "Disable TLS 1.1."},
    {.name = "no-tlsv12", .syntax = "", .support = planned, .doc = "Disable TLS 1.2."},
    {.name = "no-tlsv13", .syntax = "", .support = planned, .doc = "Disable TLS 1.3."},
    {.name = "npn", .syntax = "<protocols>", .support = planned, .doc = "NPN protocols offered."},
    {.name = "prefer-client-ciphers", .syntax = "", .support = planned, .doc = "Follow client cipher order."},
    {.name = "quic-force-retry", .syntax = "", .support = planned, .doc = "Always validate QUIC addresses with Retry."},
    {.name = "ssl", .syntax = "", .support = planned, .doc = "Decrypt TLS on this socket."},
    {.name = "ssl-max-ver", .syntax = "<version>", .support = planned, .doc = "Highest TLS version."},
    {.name = "ssl-min-ver", .syntax = "<version>", .support = planned, .doc = "Lowest TLS version."},
    {.name = "strict-sni", .syntax = "", .support = planned, .doc = "Refuse unknown SNI."},
    {.name = "tls-ticket-keys", .syntax = "<file>", .support = planned, .doc = "File of ticket keys."},
    {.name = "verify", .syntax = "<policy>", .support = planned, .doc = "Client certificate policy."},
};
static_assert(in_order(bind_rows));

constexpr Keyword<Server> server_rows[] = {
    {.name = "allow-0rtt",
     .syntax = "",
     .support = planned,
     .doc = "Use TLS early data to the server.",
     .dynamic = true},
    {.name = "alpn", .syntax = "<protocols>", .support = planned, .doc = "ALPN protocols sent.", .dynamic = true},
    {.name = "ca-file",
     .syntax = "<file>",
     .support = planned,
     .doc = "CA used to verify the server.",
     .dynamic = true},
    {.name = "check-alpn", .syntax = "<protocols>", .support = planned, .doc = "ALPN sent on checks.", .dynamic = true},
    {.name = "check-sni", .syntax = "<name>", .support = planned, .doc = "SNI sent on checks.", .dynamic = true},
    {.name = "check-ssl", .syntax = "", .support = planned, .doc = "TLS on checks.", .dynamic = true},
    {.name = "ciphers", .syntax = "<ciphers>", .support = planned, .doc = "TLS<=1.2 ciphers.", .dynamic = true},
    {.name = "ciphersuites", .syntax = "<suites>", .support = planned, .doc = "TLS 1.3 suites.", .dynamic = true},
    {.name = "crl-file", .syntax = "<file>", .support = planned, .doc = "Revocation list.", .dynamic = true},
    {.name = "crt", .syntax = "<file>", .support = planned, .doc = "Client certificate presented.", .dynamic = true},
    {.name = "force-sslv3", .syntax = "", .support = planned, .doc = "Only SSLv3.", .dynamic = true},
    {.name = "force-tlsv10", .syntax = "", .support = planned, .doc = "Only TLS 1.0.", .dynamic = true},
    {.name = "force-tlsv11", .syntax = "", .support = planned, .doc = "Only TLS 1.1.", .dynamic = true},
    {.name = "force-tlsv12", .syntax = "", .support = planned, .doc = "Only TLS 1.2.", .dynamic = true},
    {.name = "force-tlsv13", .syntax = "", .support = planned, .doc = "Only TLS 1.3.", .dynamic = true},
    {.name = "no-check-ssl", .syntax = "", .parse = idle, .doc = "Cancel check-ssl."},
    {.name = "no-ssl", .syntax = "", .parse = idle, .doc = "Cancel ssl."},
    {.name = "no-ssl-reuse", .syntax = "", .parse = idle, .doc = "Do not resume TLS sessions.", .dynamic = true},
    {.name = "no-sslv3", .syntax = "", .parse = idle, .doc = "Disable SSLv3.", .dynamic = true},
    {.name = "no-tls-tickets", .syntax = "", .parse = idle, .doc = "Disable tickets.", .dynamic = true},
    {.name = "no-tlsv10", .syntax = "", .parse = idle, .doc = "Disable TLS 1.0.", .dynamic = true},
    {.name = "no-tlsv11", .syntax = "", .parse = idle, .doc = "Disable TLS 1.1.", .dynamic = true},
    {.name = "no-tlsv12", .syntax = "", .parse = idle, .doc = "Disable TLS 1.2.", .dynamic = true},
    {.name = "no-tlsv13", .syntax = "", .parse = idle, .doc = "Disable TLS 1.3.", .dynamic = true},
    {.name = "no-verifyhost", .syntax = "", .support = planned, .doc = "Cancel verifyhost."},
    {.name = "npn", .syntax = "<protocols>", .support = planned, .doc = "NPN protocols sent.", .dynamic = true},
    {.name = "sni", .syntax = "<expression>", .support = planned, .doc = "SNI expression.", .dynamic = true},
    {.name = "ssl", .syntax = "", .support = planned, .doc = "Connect with TLS.", .dynamic = true},
    {.name = "ssl-max-ver", .syntax = "<version>", .support = planned, .doc = "Highest TLS version.", .dynamic = true},
    {.name = "ssl-min-ver", .syntax = "<version>", .support = planned, .doc = "Lowest TLS version.", .dynamic = true},
    {.name = "ssl-reuse", .syntax = "", .parse = idle, .doc = "Resume TLS sessions."},
    {.name = "tls-tickets", .syntax = "", .parse = idle, .doc = "Allow tickets.", .dynamic = true},
    {.name = "verify", .syntax = "<policy>", .support = planned, .doc = "Server certificate policy.", .dynamic = true},
    {.name = "verifyhost",
     .syntax = "<name>",
     .support = planned,
     .doc = "Name the certificate must carry.",
     .dynamic = true},
};
static_assert(in_order(server_rows));

}  // namespace

constinit const Table<Bind> tls_bind_table{"bind option", bind_rows};
constinit const Table<Server> tls_server_table{"server option", server_rows};

}  // namespace ddbproxy::config
